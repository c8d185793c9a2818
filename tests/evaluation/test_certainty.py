"""Sets and single answers that keep their promise, on labels that are drawn."""

import numpy as np
import pytest

from vgg_transfer.evaluation.certainty import (
    certainty,
    furthest_familiar,
    least_probability,
    sure_from,
)


def drawn(rng, images):
    """Return labels and probabilities of a model that is too sure of itself."""
    logits = rng.normal(0, 2, (images, 3))
    true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = (rng.random(images)[:, None] > true.cumsum(1)).sum(1)
    sharp = np.exp(2 * logits)
    return labels, sharp / sharp.sum(1, keepdims=True)


@pytest.mark.parametrize("coverage", [0.9, 0.95])
def test_sets_hold_the_true_class_as_often_as_promised(coverage):
    rng = np.random.default_rng(1)
    held = []
    for _ in range(200):
        labels, found = drawn(rng, 400)
        least = least_probability(labels[:200], found[:200], coverage)
        held.append(np.mean(found[200:][np.arange(200), labels[200:]] >= least))
    assert coverage - 0.01 < np.mean(held) < coverage + 0.02


def test_the_least_probability_is_that_of_an_image():
    found = np.array([[p, 1 - p] for p in np.linspace(0.1, 1.0, 10)])
    labels = np.zeros(10, int)
    # Of eleven places between ten images, nine tenths are the tenth: all images but none.
    assert least_probability(labels, found, 0.9) == pytest.approx(0.1)
    assert least_probability(labels, found, 0.5) == pytest.approx(0.5)
    assert least_probability(labels, found, 0.95) == 0.0  # too few for the promise: every class


def test_single_answers_are_right_as_often_as_promised():
    rng = np.random.default_rng(2)
    broken, answered = 0, []
    for _ in range(100):
        labels, found = drawn(rng, 500)
        threshold = sure_from(labels, found, 0.9)
        if threshold is None:
            continue
        others, theirs = drawn(rng, 4000)
        sure = theirs.max(1) >= threshold
        answered.append(sure.mean())
        broken += np.mean(theirs.argmax(1)[sure] == others[sure]) < 0.895
    assert broken <= 8
    assert np.mean(answered) > 0.2


def test_too_few_images_promise_nothing_of_single_answers():
    right = np.tile([0.9, 0.1], (60, 1))
    assert sure_from(np.zeros(60, int), right, 0.99) is None
    found = certainty(np.zeros(60, int), right, 0.9)
    assert found.sure_from == 0.9
    assert (found.is_sure(0.9), found.is_sure(0.89)) == (True, False)
    assert not certainty(np.zeros(60, int), right, 0.99).is_sure(1.0)


def test_equal_probabilities_are_answered_together():
    found = np.array([[0.99, 0.01]] * 100 + [[0.8, 0.2]] * 100)
    labels = np.array([0] * 100 + [0] * 50 + [1] * 50)
    assert sure_from(labels, found, 0.9) == 0.99


def test_so_many_images_lie_further_than_familiar_ones():
    distances = np.arange(1, 100) / 100
    assert furthest_familiar(distances, 0.05) == pytest.approx(0.95)
    assert furthest_familiar(distances[:9], 0.05) == np.inf
