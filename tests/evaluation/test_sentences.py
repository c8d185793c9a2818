"""Metrics and verdicts in words."""

from dataclasses import replace

import numpy as np
import pytest

from vgg_transfer.evaluation import (
    Interval,
    Pair,
    cautions,
    describe,
    evaluate,
    table,
    verdicts,
)
from vgg_transfer.evaluation.sentences import accuracy_with_interval, images_judged

BEATS = Pair(
    first="staged",
    second="frozen",
    difference=0.013,
    interval=Interval(0.004, 0.022),
    p_value=0.005,
    adjusted_p=0.01,
    mcnemar_p=0.02,
    images_needed=700,
    distinguishable=True,
)
OPEN = Pair(
    first="staged",
    second="full",
    difference=0.003,
    interval=Interval(-0.006, 0.012),
    p_value=0.5,
    adjusted_p=0.5,
    mcnemar_p=0.6,
    images_needed=4187,
    distinguishable=False,
)


def evaluate_confusion(rows, names, sure=0.8):
    """Evaluate predictions with these counts, each given with the probability ``sure``."""
    counts = np.array(rows)
    labels, predicted = (
        np.repeat(indices.ravel(), counts.ravel()) for indices in np.indices(counts.shape)
    )
    probabilities = np.full((len(labels), len(names)), (1 - sure) / (len(names) - 1))
    probabilities[np.arange(len(labels)), predicted] = sure
    return evaluate(labels, probabilities.astype(np.float32), names)


def test_description_is_one_sentence():
    # Wilson for 189 of 200: centre 190.920729 / 203.841459 = 0.936614, half 0.032401.
    metrics = evaluate_confusion([[95, 5], [6, 94]], ["cats", "dogs"], sure=1.0)
    # ROC AUC of yes-or-no answers is the mean of both recalls: (0.95 + 0.94) / 2.
    assert describe(metrics) == (
        'accuracy 94.5% [90.4, 96.9] on 200 images (always "cats": 50.0%), '
        "macro F1 0.94, ROC AUC 0.945"
    )
    assert cautions(metrics) == ()
    alone = evaluate(np.array([1]), np.array([[0.4, 0.6]]), ["cats", "dogs"])
    assert describe(alone) == ("accuracy 100.0% [20.7, 100.0] on 1 image, macro F1 1.00")


def test_table_is_aligned_and_names_the_three_largest_confusions():
    names = ["cats", "dogs", "a name that is much too long for a column"]
    metrics = evaluate_confusion([[90, 8, 2], [1, 99, 0], [0, 3, 1]], names)
    assert table(metrics).splitlines() == [
        "class                     images  precision  recall    F1",
        "cats                         100       0.99    0.90  0.94",
        "dogs                         100       0.90    0.99  0.94",
        "a name that is much too…       4       0.33    0.25  0.29",
        "",
        "8 of 100 cats were taken for dogs.",
        "3 of 4 a name that is much too long for a column were taken for dogs.",
        "2 of 100 cats were taken for a name that is much too long for a column.",
    ]
    assert table(evaluate_confusion([[2, 0], [0, 2]], ["cats", "dogs"])).endswith(
        "\n\nNo image was taken for another class."
    )
    assert "\n1 of 2 cats was taken for dogs." in table(
        evaluate_confusion([[1, 1], [0, 2]], ["cats", "dogs"])
    )


def test_what_was_not_measured_is_no_zero():
    # Birds have no images: none was taken for one either; a fox was seen where there is none.
    names = ["cats", "birds", "foxes"]
    metrics = evaluate_confusion([[3, 0, 1], [0, 0, 0], [0, 0, 0]], names)
    assert table(metrics).splitlines()[1:4] == [
        "cats        4       1.00    0.75  0.86",
        "birds       0          -       -     -",
        "foxes       0       0.00       -  0.00",
    ]


def test_cautions_of_a_model_that_answers_one_class():
    metrics = evaluate_confusion([[6, 0, 0], [4, 0, 0], [0, 0, 0]], ["cats", "dogs", "birds"])
    # Wilson for 6 of 10: centre 7.920730 / 13.841459, half of the width 0.2600.
    assert cautions(metrics) == (
        'Accuracy 60.0% [31.3, 83.2] is not distinguishable from always answering "cats" (60.0%).',
        "Images evaluated: only 10. The accuracy is known to about ±26 points.",
        'Never predicted: "dogs".',
        'Without images, so not measured: "birds".',
    )


def test_cautions_of_a_model_worse_than_the_majority():
    metrics = evaluate_confusion([[40, 50], [0, 10]], ["cats", "dogs"])
    assert cautions(metrics) == ('Accuracy 50.0% is worse than always answering "cats" (90.0%).',)


def test_cautions_count_what_they_do_not_name():
    labels = np.repeat(0, 40)
    probabilities = np.eye(6)[labels]
    assert cautions(evaluate(labels, probabilities, list("abcdef"))) == (
        'Without images, so not measured: "b", "c", "d" and 2 more.',
    )


@pytest.mark.parametrize(
    ("cats", "dogs", "said"),
    [
        ([9, 1], [1, 9], False),
        ([12, 3], [1, 9], False),  # 15 and 10: as much as is let pass
        ([12, 4], [1, 9], True),
    ],
)
def test_balanced_accuracy_is_said_where_classes_are_uneven(cats, dogs, said):
    assert ("balanced accuracy" in describe(evaluate_confusion([cats, dogs], ["a", "b"]))) is said


def test_balanced_accuracy_stands_with_its_interval_where_there_is_one():
    metrics = evaluate_confusion([[10, 0], [4, 1]], ["cats", "dogs"], sure=1.0)
    # Wilson for 10 of 10 is 72.2 to 100, for 1 of 5 it is 3.6 to 62.4: around (100 + 20) / 2 stand
    # half of sqrt(27.8² + 16.4²) and of sqrt(0 + 42.4²).
    line = (
        'accuracy 73.3% [48.0, 89.1] on 15 images (always "cats": 66.7%), '
        "balanced accuracy 60.0%{}, macro F1 0.58, ROC AUC 0.600"
    )
    assert describe(metrics) == line.format(" [43.9, 81.2]")
    assert describe(replace(metrics, balanced_accuracy_interval=None)) == line.format("")


def test_a_class_without_images_makes_no_others_uneven():
    metrics = evaluate_confusion([[5, 0, 0], [0, 5, 0], [0, 0, 0]], ["a", "b", "c"])
    assert "balanced" not in describe(metrics)


def test_one_class_alone_has_no_other_answer_to_be_compared_with():
    metrics = evaluate_confusion([[10, 30], [0, 0]], ["cats", "dogs"])
    assert "always" not in describe(metrics)
    assert not [caution for caution in cautions(metrics) if "always" in caution]


def test_a_verdict_on_each_pair():
    assert verdicts([BEATS, OPEN], images=500, seeds=3) == (
        "staged beats frozen by 1.3 points [0.4, 2.2]",
        "staged and full are not distinguishable with 500 test images (0.3 points [-0.6, 1.2]): "
        "about 4,200 would be needed",
    )
    assert verdicts([], images=500, seeds=1) == ()


@pytest.mark.parametrize(
    ("needed", "said"),
    [(99, "99"), (101, "110"), (640, "640"), (4_101, "4,200"), (126_163, "130,000")],
)
def test_images_needed_are_rounded_up_to_two_digits(needed, said):
    (verdict,) = verdicts([replace(OPEN, images_needed=needed)], images=80, seeds=3)
    assert verdict.endswith(f": about {said} would be needed")


def test_where_no_number_of_images_would_do_it_says_why():
    lost = replace(OPEN, difference=0.021, interval=Interval(-0.03, 0.072), images_needed=None)
    assert verdicts([lost], images=1500, seeds=3) == (
        "staged and full are not distinguishable with 1,500 test images "
        "(2.1 points [-3.0, 7.2]): 3 seeds differ too much for any number of images; train more "
        "seeds",
    )
    equal = replace(lost, difference=0.0, interval=Interval(-0.0001, 0.0001))
    assert verdicts([equal], images=500, seeds=3) == (
        "staged and full are not distinguishable with 500 test images (0.0 points [0.0, 0.0]): "
        "there is no difference to speak of",
    )


def test_one_of_several_pairs_needs_more_than_its_own_interval():
    nearly = replace(OPEN, interval=Interval(0.001, 0.005), p_value=0.02, adjusted_p=0.06)
    assert verdicts([BEATS, nearly, OPEN], images=500, seeds=3)[1] == (
        "staged and full are not distinguishable with 500 test images (0.3 points [0.1, 0.5], "
        "which is not enough for one of 3 pairs): about 4,200 would be needed"
    )


@pytest.mark.parametrize(("margin", "said"), [(0.01, "1 point"), (0.015, "1.5 points")])
def test_equal_within_a_margin(margin, said):
    interval = Interval(-0.004, 0.009, 0.9875)
    equal = replace(OPEN, interval=interval, p_value=0.03, equal_within=margin)
    assert verdicts([equal], images=500, seeds=5) == (
        f"staged and full are equal within {said}: they differ by 0.3 points [-0.4, 0.9]",
    )
    assert verdicts([replace(BEATS, equal_within=0.03)], images=500, seeds=5) == (
        "staged beats frozen by 1.3 points [0.4, 2.2]",
    )


def test_one_seed_says_what_it_leaves_open():
    verdict, caution = verdicts([BEATS], images=500, seeds=1)
    assert verdict == "staged beats frozen by 1.3 points [0.4, 2.2]"
    assert caution == (
        "with one seed the spread over seeds is unknown: these intervals are about other images "
        "only, and another seed may turn a verdict"
    )


def test_two_seeds_are_few():
    assert verdicts([BEATS], images=500, seeds=2)[1] == (
        "with two seeds the spread over seeds is hardly known, so these intervals are wide: "
        "with three seeds about twice as many differences are found"
    )


def test_accuracy_and_what_it_was_measured_on():
    many, one = (
        evaluate(np.zeros(images, int), np.tile([0.9, 0.1], (images, 1)), ["cats", "dogs"])
        for images in (1200, 1)
    )
    # Wilson's interval of 1 of 1: its lower end is 1 / (1 + 1.96²).
    assert accuracy_with_interval(one) == "100.0% [20.7, 100.0]"
    assert images_judged(many, "test") == "on 1,200 test images"
    assert images_judged(one, "val") == "on 1 val image"
