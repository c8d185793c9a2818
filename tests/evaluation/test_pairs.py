"""Levels of recipes and differences of pairs, on answers small enough to be counted."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from vgg_transfer.errors import ComparisonError, VggTransferError
from vgg_transfer.evaluation import Answers, compare_pairs, levels, wilson

IMAGES = 200
# Every other image shows class 1.
LABELS = np.arange(IMAGES) % 2


def answering(name, *wrong, seeds=None, sure=0.8):
    """Return answers that are wrong on these images, one set of them per seed."""
    right = np.ones((len(wrong), IMAGES), dtype=bool)
    for seed, images in enumerate(wrong):
        right[seed, list(images)] = False
    probabilities = np.full((len(wrong), IMAGES, 2), 1 - sure)
    answer = np.where(right, LABELS, 1 - LABELS)
    np.put_along_axis(probabilities, answer[..., None], sure, axis=2)
    return Answers(name, probabilities, seeds)


def test_levels_by_counting():
    one, three = (
        levels([answering("one", range(20)), answering("other", range(10))], LABELS),
        levels([answering("three", range(10), range(20), range(30))], LABELS),
    )
    assert [(level.name, level.accuracy) for level in one] == [("one", 0.9), ("other", 0.95)]
    assert one[0].interval == wilson(180, 200)
    assert (one[0].by_seed, one[0].deviation) == ((0.9,), None)
    assert three[0].accuracy == pytest.approx(0.9)
    assert three[0].by_seed == (0.95, 0.9, 0.85)
    assert three[0].deviation == pytest.approx(0.05)
    assert 0 < three[0].interval.low < 0.9 < three[0].interval.high < 1


def test_a_pair_of_one_seed_by_counting():
    # 20 images only the second has wrong, 5 only the first.
    frozen, staged = answering("frozen", range(20)), answering("staged", range(50, 55))
    (pair,) = compare_pairs([frozen, staged], LABELS)
    assert (pair.first, pair.second) == ("staged", "frozen")
    assert pair.difference == pytest.approx(15 / 200)
    expected = stats.ttest_1samp([1] * 20 + [-1] * 5 + [0] * 175, 0)
    assert pair.p_value == pair.adjusted_p == pytest.approx(expected.pvalue)
    assert pair.interval.low == pytest.approx(expected.confidence_interval(0.95).low)
    assert pair.interval.high == pytest.approx(expected.confidence_interval(0.95).high)
    assert pair.mcnemar_p == pytest.approx(2 * stats.binom.cdf(5, 25, 0.5))
    assert pair.distinguishable
    assert 100 < pair.images_needed < 200


def test_the_better_one_comes_first_and_of_equal_ones_the_one_given_first():
    worse, better = answering("worse", range(20)), answering("better", range(10))
    assert compare_pairs([worse, better], LABELS) == compare_pairs([better, worse], LABELS)
    equal = answering("equal", range(100, 120))
    (pair,) = compare_pairs([worse, equal], LABELS)
    assert (pair.first, pair.second, pair.difference) == ("worse", "equal", 0.0)
    assert pair.p_value == 1.0
    assert pair.images_needed is None


def test_pooled_answers_are_of_the_mean_of_the_probabilities():
    # Two unsure seeds are wrong on 9 images and a sure one is right: the mean is right.
    unsure = answering("pooled", range(9), range(9), range(0), sure=0.6)
    sure = answering("pooled", range(9), range(9), range(0), sure=0.9)
    mixed = np.concatenate([unsure.probabilities[:2], sure.probabilities[2:]])
    never = answering("never wrong", *[range(0)] * 3)
    assert compare_pairs([Answers("mixed", mixed), never], LABELS)[0].mcnemar_p == 1.0
    (pair,) = compare_pairs([unsure, never], LABELS)
    assert pair.mcnemar_p == pytest.approx(2 * 0.5**9)


def test_of_equal_probabilities_the_first_class_is_the_answer():
    undecided = Answers("undecided", np.full((1, IMAGES, 2), 0.5))
    assert levels([undecided], LABELS)[0].accuracy == 0.5  # the images of class 0


def test_holm_multiplies_the_smallest_p_value_by_the_number_of_pairs():
    recipes = [
        answering("a", range(30)),
        answering("b", range(100, 116)),
        answering("c", range(180, 190)),
    ]
    pairs = compare_pairs(recipes, LABELS)
    assert [(one.first, one.second) for one in pairs] == [("b", "a"), ("c", "a"), ("c", "b")]
    b_a, c_a, c_b = pairs
    assert c_a.adjusted_p == pytest.approx(3 * c_a.p_value)
    assert b_a.adjusted_p == pytest.approx(2 * b_a.p_value)
    assert c_b.adjusted_p == pytest.approx(max(c_b.p_value, b_a.adjusted_p))
    # What is left open needs more images than there are, and more than for a single pair.
    assert not c_b.distinguishable
    (alone,) = compare_pairs(recipes[1:], LABELS)
    assert 200 < alone.images_needed < c_b.images_needed


def test_adjusted_p_values_end_at_one():
    alike = [answering(name, range(10), range(11)) for name in "abcd"]
    pairs = compare_pairs(alike, LABELS)
    assert len(pairs) == 6
    assert {pair.adjusted_p for pair in pairs} == {1.0}


def test_identical_answers_leave_open_what_other_images_would_show():
    alike = [answering(name, range(10), range(12), range(11)) for name in "ab"]
    (pair,) = compare_pairs(alike, LABELS)
    assert (pair.difference, pair.p_value, pair.mcnemar_p) == (0.0, 1.0, 1.0)
    assert (pair.images_needed, pair.distinguishable) == (None, False)
    assert -0.02 < pair.interval.low < 0 < pair.interval.high < 0.02


def test_seeds_that_differ_take_away_what_many_images_would_give():
    first = answering("first", range(10), range(10), range(10))
    steady = answering("second", range(30), range(30), range(30))
    restless = answering("second", range(10), range(30), range(50))
    assert compare_pairs([first, steady], LABELS)[0].distinguishable
    (pair,) = compare_pairs([first, restless], LABELS)
    assert pair.difference == pytest.approx(0.1)
    assert pair.interval.low < 0 < pair.p_value - 0.05
    assert pair.images_needed is None


def test_recipes_with_named_seeds_are_compared_on_those_they_share():
    first = answering("first", range(5), range(50), range(7), seeds=(0, 1, 2))
    second = answering("second", range(30), range(30), seeds=(2, 0))
    (pair,) = compare_pairs([first, second], LABELS)
    expected = compare_pairs(
        [answering("first", range(5), range(7)), answering("second", range(30), range(30))], LABELS
    )
    assert (pair.difference, pair.interval) == (expected[0].difference, expected[0].interval)
    assert levels([first], LABELS)[0].by_seed == (0.975, 0.75, 0.965)


def test_recipes_without_a_seed_in_common_are_compared_in_their_order():
    first = answering("first", range(5), range(7), seeds=(0, 1))
    second = answering("second", range(30), range(32), range(90), seeds=(7, 8, 9))
    (pair,) = compare_pairs([first, second], LABELS)
    # 30 and 32 wrong answers against 5 and 7; the 90 of a third seed have no partner.
    assert pair.difference == pytest.approx(25 / 200)


def test_one_recipe_makes_no_pair():
    assert compare_pairs([answering("alone", range(3))], LABELS) == ()
    assert compare_pairs([], LABELS) == levels([], LABELS) == ()


def test_a_verdict_on_few_images_is_refused():
    answers = [Answers(name, np.full((3, 29, 2), 0.5)) for name in "ab"]
    labels = np.zeros(29, dtype=int)
    with pytest.raises(ComparisonError) as refused:
        compare_pairs(answers, labels)
    assert str(refused.value) == (
        "No verdict on 29 test images: with fewer than 30 only the largest differences could be "
        "told from chance, and their size not at all. Put more images into the test split."
    )
    assert isinstance(refused.value, VggTransferError)
    # How good each is by itself can still be said.
    assert levels(answers, labels)[0].accuracy == 1.0
    more = [Answers(name, np.full((3, 30, 2), 0.5)) for name in "ab"]
    assert len(compare_pairs(more, np.zeros(30, dtype=int))) == 1


def test_different_shapes_name_both_recipes():
    with pytest.raises(ValueError, match="cannot be compared") as wrong:
        compare_pairs(
            [answering("frozen", range(3)), answering("full", range(3), range(4))], LABELS
        )
    assert (
        '"frozen" and "full" must have answered the same images with the same seeds, received the '
        "shapes (seed, image, class) (1, 200, 2) and (2, 200, 2)"
    ) in str(wrong.value)


def test_every_fault_is_told_at_once():
    broken = answering("broken", range(3), range(3))
    broken.probabilities[1, 4, 0] = np.nan
    labels = LABELS.copy()
    labels[[7, 9]] = 2
    answers = [broken, Answers("flat", np.zeros((2, 200))), answering("broken", range(2))]
    with pytest.raises(ValueError, match="cannot be compared") as wrong:
        compare_pairs(answers, labels)
    assert str(wrong.value).splitlines()[:5] == [
        "These answers cannot be compared:",
        "- names must differ, received 'broken' 2 times",
        '- "broken": labels must be between 0 and 1 for its 2 classes; 2 are not, the first is 2 '
        "at position 7",
        '- "broken": the probabilities of seed number 2 of 2 hold NaN, infinity or numbers '
        "outside 0..1; did that training diverge, or are these logits?",
        '- "flat": probabilities must be of shape (seed, image, class), with at least one seed, '
        "one image and two classes; received (2, 200)",
    ]


@pytest.mark.parametrize(
    ("labels", "seeds", "fault"),
    [
        (LABELS[:150], None, '"a": there are answers for 200 images and 150 labels'),
        (LABELS - 1, None, "labels must be between 0 and 1 for its 2 classes; 100 are not, the "),
        (LABELS / 1.0, None, "labels must be one whole class index per image, received shape "),
        (LABELS, (0, 1), '"a": 2 seeds are named, and there are answers of 1'),
    ],
)
def test_labels_and_seeds_have_to_fit(labels, seeds, fault):
    with pytest.raises(ValueError, match="cannot be compared") as wrong:
        levels([answering("a", range(3), seeds=seeds)], labels)
    assert fault in str(wrong.value)


def test_logits_are_refused():
    with pytest.raises(ValueError, match="did that training diverge, or are these logits"):
        levels([Answers("logits", np.full((1, IMAGES, 2), 3.0))], LABELS)


def test_a_comparison_needs_no_keras():
    program = (
        "import sys, numpy as np\n"
        "from vgg_transfer.evaluation import Answers, compare_pairs, levels, verdicts\n"
        "both = [Answers(name, np.full((3, 30, 2), 0.5)) for name in 'ab']\n"
        "labels = np.zeros(30, dtype=int)\n"
        "levels(both, labels), verdicts(compare_pairs(both, labels), 30, 3)\n"
        "print(sorted({'keras', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")
