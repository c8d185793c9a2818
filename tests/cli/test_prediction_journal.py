"""Answers on the disk that are gone on with: what is kept, what is dropped, what is refused."""

from pathlib import Path

import pytest

from vgg_transfer.cli.json.answers import Likely, PredictedFile
from vgg_transfer.cli.prediction_journal import journal_for
from vgg_transfer.errors import RunError
from vgg_transfer.images.pictures import Given

ASKED = {"model": "abc", "top": 1, "certain": None}
CAT = PredictedFile("caf\udce9 \n.png", "cat", (Likely("cat", 1 / 3),), None, ("cat",), True, None)
BAD = PredictedFile("bad.png", None, (), "empty file")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "found.csv"


def end_after(out, *rows, go_on=False):
    """Answer for some files, until Ctrl-C; return what was raised."""

    def answer():
        with journal_for(out, ASKED, go_on) as journal:
            for row in rows:
                journal.tally.count(row)
                journal.add(row)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        answer()
    return caught.value


@pytest.fixture
def partial(out):
    """The journal of a program that was ended after two files."""
    end_after(out, CAT, BAD)
    return out.with_name(".found.csv.partial")


def gone_on(out, asked=ASKED):
    with journal_for(out, asked, True) as journal:
        return list(journal.rows()), journal.tally


def refusal(out, go_on=True, asked=ASKED):
    with pytest.raises(RunError) as caught, journal_for(out, asked, go_on):
        pass
    return str(caught.value)


def test_a_journal_goes_where_all_went_well(out):
    with journal_for(out, ASKED, False) as journal:
        journal.add(CAT)
        assert list(journal.rows()) == [CAT]
    assert list(out.parent.iterdir()) == []


def test_what_was_answered_stays_as_it_was(out, partial):
    rows, tally = gone_on(out)
    assert rows == [CAT, BAD]
    assert (tally.files, tally.classes, tally.unreadable) == (2, {"cat": 1}, 1)
    assert tally.reasons == [BAD]
    assert not partial.exists()


def test_how_to_go_on_is_told(out):
    assert end_after(out, CAT).__notes__ == [
        "1 file answered for: the same command with --continue goes on behind them"
    ]


def test_pictures_with_an_answer_are_passed_over(out, partial):
    files = [Given(name) for name in (CAT.path, "new.png", BAD.path)]
    with journal_for(out, ASKED, True) as journal:
        assert [one.path for one in journal.left(files)] == ["new.png"]


def test_a_last_line_that_was_cut_short_is_dropped(out, partial):
    whole = partial.read_bytes()
    for cut in range(len(whole) - 3, len(whole)):
        partial.write_bytes(whole[:cut])
        end_after(out, go_on=True)
        assert partial.read_bytes() == b"".join(whole.splitlines(keepends=True)[:2])
    for begun in (b"", whole[:10]):
        partial.write_bytes(begun)
        assert gone_on(out)[0] == []


def test_one_that_is_there_is_not_gone_on_with_unasked(out, partial):
    before = partial.read_bytes()
    assert refusal(out, go_on=False) == (
        f'"{partial}" holds what was predicted for "{out}" before something ended it: go on with '
        "the same command and --continue, or move it away"
    )
    assert partial.read_bytes() == before


def test_what_was_asked_in_another_way_is_not_gone_on_with(out, partial):
    before = partial.read_bytes()
    assert refusal(out, asked=ASKED | {"certain": 0.9}) == (
        f'"{partial}" was begun with certain null, and this is 0.9: ask as then, or move it away '
        "and begin again"
    )
    assert "with model " in refusal(out, asked=ASKED | {"model": "other"})
    assert partial.read_bytes() == before


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"no json", b'{"path": 1, "class": null, "top": [], "error": null}']
)
def test_a_damaged_line_is_named_and_nothing_is_lost(out, partial, line):
    lines = partial.read_bytes().splitlines()
    for number in (1, 2):
        changed = [*lines[: number - 1], line, *lines[number:]]
        partial.write_bytes(b"\n".join(changed) + b"\n")
        assert f"is damaged in line {number}: " in refusal(out)
        assert partial.read_bytes().splitlines() == changed


def test_what_is_no_journal_is_left_alone(out, partial):
    for content in (b"a note of somebody", b"path,class"):
        partial.write_bytes(content)
        assert "is damaged in line 1: it is none that predict writes" in refusal(out)
        assert partial.read_bytes() == content
    partial.unlink()
    partial.mkdir()
    assert refusal(out) == f'"{partial}" is no file: move it away'


def test_one_without_an_image_is_not_kept(out):
    end_after(out, BAD)
    assert list(out.parent.iterdir()) == []


def test_two_programs_do_not_write_at_once(out, partial):
    with journal_for(out, ASKED, True):
        assert refusal(out) == f'"{partial}" is being written to by another program'


def test_a_place_that_cannot_be_written_to():
    assert refusal(Path("no folder") / "a.csv", go_on=False) == (
        'cannot write "no folder/.a.csv.partial": No such file or directory'
    )
