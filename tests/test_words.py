"""What a person reads: names, lists, counts, durations and sizes."""

from pathlib import Path

import pytest

from vgg_transfer.words import counted, duration, excerpt, inert, listed, printable, size_in_words


def test_what_no_terminal_shows_becomes_an_escape():
    assert printable("a\nb\x1b") == "a\\nb\\x1b"
    assert printable(Path("é/ü")) == "é/ü"
    assert printable("\udcff") == "\\udcff"


def test_names_are_listed_in_quotes_and_many_are_cut_short():
    assert listed([Path("photos/cats"), "a\nb"]) == '"cats", "a\\nb"'
    assert listed("abcde") == '"a", "b", "c", "d", "e"'
    assert listed("abcdefg") == '"a", "b", "c", "d", "e" and 2 more'
    assert listed([]) == ""


def test_phrases_are_listed_without_quotes():
    assert listed(["size (16, 32)", "seed (0, 1)"], quoted=False) == "size (16, 32), seed (0, 1)"
    assert listed("abcdef", most=4, quoted=False) == "a, b, c, d and 2 more"


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [(0, "image", "0 images"), (1, "image", "1 image"), (2, "class", "2 classes")],
)
def test_counts(count, noun, text):
    assert counted(count, noun) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 00 s"),
        (245, "4 min 05 s"),
        (3599.6, "1 h 00 min"),
        (7380, "2 h 03 min"),
    ],
)
def test_what_was_measured_is_said_precisely(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (89, "89 s"), (660, "11 min"), (5760, "1.6 h")]
)
def test_an_estimate_is_rough(seconds, text):
    assert duration(seconds, "rough") == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.5, "0.5 s"), (30, "30 s"), (90, "1.5 min"), (7200, "2 h")]
)
def test_marks_on_an_axis_are_round(seconds, text):
    assert duration(seconds, "round") == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 MB"),
        (1, "1 MB"),
        (9_600_000, "10 MB"),
        (999_000_000, "999 MB"),
        (1_234_000_000, "1.23 GB"),
        (50 * 10**9, "50 GB"),
        (1_234 * 10**9, "1230 GB"),
    ],
)
def test_sizes(count, text):
    assert size_in_words(count) == text


def test_large_counts_have_commas_where_they_are_asked_for():
    assert counted(1200, "image", ",") == "1,200 images"
    assert counted(1, "image", ",") == "1 image"


def test_an_excerpt_is_short_and_printable():
    assert excerpt("a\x1b[31m") == "a\\x1b[31m"
    assert excerpt("x" * 61) == "x" * 60 + "…"
    assert excerpt("abc", 2) == "ab…"


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\t=1", "\r=1"])
def test_a_formula_is_made_a_text(cell):
    assert inert(cell) == f"'{cell}"
    assert inert(f"a{cell}") == f"a{cell}"
