"""The catalogue: every code once, explained, and the page that is made from it."""

from pathlib import Path

from vgg_transfer.doctor.catalogue import SECTIONS, entry_of, page

PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"
ENTRIES = [entry for entries in SECTIONS.values() for entry in entries]


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_code_is_there_once():
    codes = [entry.code for entry in ENTRIES]
    assert sorted(set(codes)) == sorted(codes)
    assert [entry_of(code) for code in codes] == ENTRIES
    assert entry_of("splits-drawn") is None


def test_every_entry_is_explained_in_sentences():
    for entry in ENTRIES:
        assert entry.why.endswith("."), entry.code
        assert entry.rests_on.endswith("."), entry.code
        assert not entry.what.endswith("."), entry.code
