"""Metrics of predictions small enough to be worked out by hand."""

import json
import subprocess
import sys
import warnings
from dataclasses import replace
from math import log

import numpy as np
import pytest

from vgg_transfer.evaluation import ClassMetrics, Metrics, describe, evaluate, wilson
from vgg_transfer.evaluation.intervals import mean_of_shares


def evaluate_confusion(rows, names, sure=0.8):
    """Evaluate predictions with these counts, each given with the probability ``sure``."""
    counts = np.array(rows)
    labels, predicted = (
        np.repeat(indices.ravel(), counts.ravel()) for indices in np.indices(counts.shape)
    )
    probabilities = np.full((len(labels), len(names)), (1 - sure) / (len(names) - 1))
    probabilities[np.arange(len(labels)), predicted] = sure
    return evaluate(labels, probabilities.astype(np.float32), names)


def test_two_classes_by_hand():
    metrics = evaluate_confusion([[4, 1], [2, 3]], ["cats", "dogs"])
    assert (metrics.images, metrics.correct, metrics.accuracy) == (10, 7, 0.7)
    assert metrics.accuracy_interval == wilson(7, 10)
    assert (metrics.majority_class, metrics.majority_baseline) == ("cats", 0.5)
    assert metrics.balanced_accuracy == pytest.approx((4 / 5 + 3 / 5) / 2)
    assert metrics.per_class == (
        ClassMetrics("cats", 5, pytest.approx(4 / 6), pytest.approx(4 / 5), pytest.approx(8 / 11)),
        ClassMetrics("dogs", 5, pytest.approx(3 / 4), pytest.approx(3 / 5), pytest.approx(6 / 9)),
    )
    assert metrics.macro_f1 == pytest.approx((8 / 11 + 6 / 9) / 2)
    assert metrics.log_loss == pytest.approx(-(7 * log(0.8) + 3 * log(0.2)) / 10)
    assert metrics.confusion == ((4, 1), (2, 3))
    # Of 25 pairs (dog, cat): 3·4 are right, 2·1 are wrong, the other 11 are ties and count half.
    assert metrics.roc_auc == pytest.approx((12 + 11 / 2) / 25)
    assert metrics.top5 is None
    assert metrics.top5_interval is None


def test_three_classes_by_hand():
    metrics = evaluate_confusion([[3, 1, 0], [0, 2, 0], [1, 1, 2]], ["a", "b", "c"])
    assert metrics.accuracy == 0.7
    assert (metrics.majority_class, metrics.majority_baseline) == ("a", 0.4)
    assert [one.precision for one in metrics.per_class] == pytest.approx([3 / 4, 2 / 4, 2 / 2])
    assert [one.recall for one in metrics.per_class] == pytest.approx([3 / 4, 2 / 2, 2 / 4])
    assert metrics.balanced_accuracy == pytest.approx(3 / 4)
    assert metrics.macro_f1 == pytest.approx((3 / 4 + 2 / 3 + 2 / 3) / 3)
    assert metrics.log_loss == pytest.approx(-(7 * log(0.8) + 3 * log(0.1)) / 10)


@pytest.mark.parametrize(
    ("labels", "of_class_1", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 3 / 4),  # one of four pairs is the wrong way round
        ([0, 1, 1], [0.5, 0.5, 0.9], (0.5 + 1) / 2),  # a tie counts half
        ([0, 0, 1], [0.2, 0.3, 0.1], 0.0),
        ([1, 1], [0.2, 0.9], None),  # nothing to rank against
    ],
)
def test_roc_auc_of_two_classes_counts_pairs(labels, of_class_1, expected):
    scores = np.array(of_class_1)
    metrics = evaluate(np.array(labels), np.stack([1 - scores, scores], axis=1), ["cats", "dogs"])
    assert metrics.roc_auc == (None if expected is None else pytest.approx(expected))


def test_roc_auc_of_more_classes_is_the_mean_over_classes_with_images():
    # Class 0: 0.6 beats 0.5 and not 0.7, 1/2. Class 1: 0.4 beats both, 1. Class 2: also 1.
    rows = [[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.7, 0.1, 0.2]]
    labels = np.array([0, 1, 2])
    assert evaluate(labels, np.array(rows), list("abc")).roc_auc == pytest.approx(5 / 6)
    with_absent_class = np.array([[*row, 0.0] for row in rows])
    assert evaluate(labels, with_absent_class, list("abcd")).roc_auc == pytest.approx(5 / 6)


def test_top5_needs_six_classes_and_prefers_the_first_between_equals():
    falling = [0.3, 0.25, 0.2, 0.15, 0.06, 0.04]
    rows = np.array([falling, falling, [1 / 6] * 6, [1 / 6] * 6])
    # Right: class 4 of the falling row and of the equal one; class 5 is sixth in both.
    metrics = evaluate(np.array([4, 5, 4, 5]), rows, list("abcdef"))
    assert metrics.top5 == 2 / 4
    assert metrics.top5_interval == wilson(2, 4)
    assert metrics.correct == 0
    assert "top-5 50.0% [15.0, 85.0]" in describe(metrics)
    # Between equals the prediction is the first class too, so it is always among the five.
    assert evaluate(np.array([0]), rows[2:3], list("abcdef")).correct == 1


def test_a_class_that_is_absent_or_never_predicted_gives_zeros_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics = evaluate_confusion([[9, 0, 0], [1, 0, 0], [0, 0, 0]], ["cats", "dogs", "birds"])
    assert metrics.per_class[1:] == (
        ClassMetrics("dogs", 1, 0.0, 0.0, 0.0),
        ClassMetrics("birds", 0, 0.0, 0.0, 0.0),
    )
    # Birds neither occur nor are predicted, so they count in neither mean; dogs occur.
    assert metrics.balanced_accuracy == 1 / 2
    assert metrics.macro_f1 == pytest.approx((18 / 19 + 0) / 2)


def test_a_class_that_is_only_predicted_lowers_macro_f1_and_not_balanced_accuracy():
    metrics = evaluate_confusion([[3, 0, 1], [0, 4, 0], [0, 0, 0]], ["cats", "dogs", "birds"])
    assert metrics.balanced_accuracy == pytest.approx((3 / 4 + 1) / 2)
    assert metrics.macro_f1 == pytest.approx((6 / 7 + 1 + 0) / 3)


def test_a_certain_mistake_costs_a_finite_log_loss():
    metrics = evaluate(np.array([0]), np.array([[0.0, 1.0]], np.float32), ["cats", "dogs"])
    assert metrics.log_loss == pytest.approx(-log(2.220446e-16))


def test_sums_of_float32_softmax_are_accepted_without_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics = evaluate(np.array([0, 1]), np.array([[0.5004, 0.5], [0, 1]]), ["cats", "dogs"])
    assert metrics.log_loss == pytest.approx(-log(0.5004 / 1.0004) / 2)


@pytest.mark.parametrize("classes", [2, 6])
def test_json_and_back_changes_nothing(classes):
    names = [f"class {index}" for index in range(classes)]
    metrics = evaluate_confusion(np.eye(classes, dtype=int) + 1, names)
    one_class_only = evaluate(np.zeros(3, int), np.full((3, classes), 1 / classes), names)
    for one in (metrics, one_class_only):
        plain = one.to_dict()
        through_json = json.loads(json.dumps(plain, allow_nan=False))
        assert through_json == plain
        assert Metrics.from_dict(through_json) == one


def test_foreign_metrics_are_refused():
    plain = evaluate_confusion([[1, 0], [0, 1]], ["cats", "dogs"]).to_dict()
    del plain["images"]
    with pytest.raises(ValueError, match="keys missing or unknown: extra, images"):
        Metrics.from_dict(plain | {"extra": 1})


def test_balanced_accuracy_has_an_interval_of_the_classes_that_have_images():
    metrics = evaluate_confusion([[8, 2, 0], [0, 10, 0], [0, 0, 0]], ["cats", "dogs", "birds"])
    assert metrics.balanced_accuracy == pytest.approx(0.9)
    assert metrics.balanced_accuracy_interval == mean_of_shares([(8, 10), (10, 10)])
    alone = evaluate_confusion([[8, 2], [0, 0]], ["cats", "dogs"])
    assert alone.balanced_accuracy_interval.low == pytest.approx(wilson(8, 10).low)


def test_metrics_from_before_that_interval_are_read():
    metrics = evaluate_confusion([[8, 2], [0, 10]], ["cats", "dogs"])
    plain = metrics.to_dict()
    del plain["balanced_accuracy_interval"]
    assert Metrics.from_dict(plain) == replace(metrics, balanced_accuracy_interval=None)


@pytest.mark.parametrize(
    ("labels", "probabilities", "message"),
    [
        ([0, 2], [[1, 0], [0, 1]], "between 0 and 1, .*; 1 are not, the first is 2 at position 1"),
        ([0, -1], [[1, 0], [0, 1]], "1 are not, the first is -1 at position 1"),
        ([0.0, 1.0], [[1, 0], [0, 1]], "whole class indices, received dtype float64"),
        ([[1, 0]], [[1, 0]], r"shape \(1, 2\); for one-hot labels pass labels.argmax\(axis=1\)"),
        ([], np.empty((0, 2)), "there are no labels; is the set of images empty"),
        ([0], [[1]], r"shape \(1, 1\); a sigmoid output p becomes 1 - p and p"),
        ([0], [0.1, 0.9], r"received shape \(2,\)"),
        ([0], [["x", "y"]], "plain floats, received dtype <U1"),
        ([0], [[1, 0], [0, 1]], "received 1 labels and 2 rows"),
        ([0, 1], [[1, 0], [np.nan, 1]], "1 of 2 rows .* row 1, with the sum nan. hold NaN or inf"),
        ([0, 1], [[3, -2], [0, 1]], "row 0, with the sum 1. hold values outside 0..1; are these"),
        ([0, 1], [[0.9, 0.3], [0, 1]], "row 0, with the sum 1.2. do not sum to 1; apply softmax"),
    ],
)
def test_each_fault_is_named(labels, probabilities, message):
    with pytest.raises(ValueError, match=message):
        evaluate(np.array(labels), np.array(probabilities), ["cats", "dogs"])


def test_all_faults_are_reported_at_once():
    with pytest.raises(ValueError, match="cannot be evaluated") as caught:
        evaluate(np.array([0, 7]), np.array([[np.nan, 1], [2, 1], [0.1, 0.1]]), ["cats", "cats"])
    starts = [
        "These predictions cannot be evaluated:",
        "- class names must differ, received ['cats', 'cats']",
        "- labels must be between 0 and 1, one index per class name; 1 are not",
        "- 1 of 3 rows of probabilities (the first is row 0, with the sum nan) hold NaN",
        "- 1 of 3 rows of probabilities (the first is row 1, with the sum 3) hold values outside",
        "- 1 of 3 rows of probabilities (the first is row 2, with the sum 0.2) do not sum to 1",
        "- each image needs one label and one row of probabilities, received 2 labels and 3 rows",
    ]
    for line, start in zip(str(caught.value).splitlines(), starts, strict=True):
        assert line.startswith(start)
    with pytest.raises(ValueError, match=r"at least two class names are needed, received \['a'\]"):
        evaluate(np.array([0]), np.array([[1.0]]), ["a"])


def test_keys_of_somebody_else_are_named_as_a_terminal_may_show_them():
    with pytest.raises(ValueError, match=r"missing or unknown: \\x1bimages, accuracy, "):
        Metrics.from_dict({"\x1bimages": 1})


def test_the_room_opens_without_heavy_libraries():
    code = (
        "import sys, vgg_transfer.evaluation\n"
        "print(*sorted({'scipy', 'sklearn', 'keras', 'tensorflow'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
