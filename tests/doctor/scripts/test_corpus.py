"""Scripts as people write them: each fault is found at its line, its mended twin is quiet."""

import pytest
from support.scripts import CORPUS, read_pairs

from vgg_transfer.doctor.scripts import examine_script, read_script

PAIRS = read_pairs()
# Written when the reader was done, which is not to be mended by them: how much of them it finds is
# what it finds of scripts that it has never seen.
UNSEEN = read_pairs(CORPUS.with_name("unseen"))
INNOCENT = sorted(CORPUS.with_name("innocent").glob("*.py"))


def test_the_corpus_is_large_and_strange_enough():
    assert len(PAIRS) >= 70
    assert sum("odd" in pair.idioms for pair in PAIRS) >= 25
    assert len(frozenset().union(*(pair.faulty.codes for pair in PAIRS))) >= 34


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_fault_is_found_at_its_line_and_not_in_the_mended_twin(pair):
    faulty, mended = (
        examine_script(read_script(script.text, script.name))
        for script in (pair.faulty, pair.mended)
    )
    assert pair.faulty.found_at_its_place(faulty), faulty
    assert pair.faulty.false_alarms(faulty) == []
    assert pair.faulty.left_in(pair.mended, mended) == []
    assert pair.mended.false_alarms(mended) == []


def errors(script, name):
    return [one for one in examine_script(read_script(script, name)) if one.severity == "error"]


def test_most_faults_of_scripts_that_it_has_never_seen_are_found():
    found = [
        pair.faulty.found_at_its_place(examine_script(read_script(pair.faulty.text, pair.name)))
        for pair in UNSEEN
    ]
    assert len(found) == 40
    assert sum(found) >= 30


@pytest.mark.parametrize("pair", UNSEEN, ids=lambda pair: pair.name)
def test_no_error_is_wrong_of_a_script_that_it_has_never_seen(pair):
    assert errors(pair.mended.text, pair.mended.name) == []
    found = errors(pair.faulty.text, pair.faulty.name)
    assert pair.faulty.false_alarms(found) == []


@pytest.mark.parametrize("file", INNOCENT, ids=lambda file: file.stem)
def test_a_strange_script_that_is_right_has_no_error(file):
    assert errors(file.read_text(encoding="utf-8"), file.name) == []
