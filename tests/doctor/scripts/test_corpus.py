"""Scripts as people write them: each fault is found at its line, its mended twin is quiet."""

import pytest
from support.scripts import read_pairs

from vgg_transfer.doctor.scripts import examine_script, read_script

PAIRS = read_pairs()


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
