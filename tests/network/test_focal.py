"""Focal loss against numbers worked out by hand, and where Keras's own would fail."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from math import log

import keras
import numpy as np
import pytest
import tensorflow as tf

from vgg_transfer.network.head_layers import encoder, loss_for
from vgg_transfer.recipe import Head

LABELS = np.array([0, 1, 1])
ONE_LOGIT = np.array([[-2.0], [0.5], [-1.0]], np.float32)
LOGITS = np.array([[2.0, 0.0, 1.0], [0.0, 0.5, 3.0], [1.0, 1.0, -1.0]], np.float32)


def loss_of(head: Head, classes: int, logits: np.ndarray, labels: np.ndarray = LABELS) -> float:
    return float(loss_for(head, classes)(encoder(head, classes)(labels), logits))


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize(("classes", "logits"), [(2, ONE_LOGIT), (3, LOGITS)])
def test_gamma_0_is_cross_entropy(classes: int, logits: np.ndarray, smoothing: float) -> None:
    focal = Head(loss="focal", focal_gamma=0.0, label_smoothing=smoothing)
    plain = Head(label_smoothing=smoothing)
    assert loss_of(focal, classes, logits) == pytest.approx(loss_of(plain, classes, logits))


def test_gamma_2_by_hand() -> None:
    # Logit ln 3 gives class 1 the probability 3/4. For a 1 that is (1/4)² · ln(4/3), for a 0
    # (3/4)² · ln 4. No class has a weight.
    logits = np.array([[log(3)], [log(3)]], np.float32)
    expected = (log(4 / 3) / 16 + 9 * log(4) / 16) / 2
    assert loss_of(Head(loss="focal"), 2, logits, np.array([1, 0])) == pytest.approx(expected)


def test_gamma_2_of_three_classes_by_hand() -> None:
    # Logits ln 1, ln 2, ln 5 give 1/8, 2/8 and 5/8.
    logits = np.log([[1.0, 2.0, 5.0]] * 2).astype(np.float32)
    expected = ((7 / 8) ** 2 * log(8) + (3 / 8) ** 2 * log(8 / 5)) / 2
    assert loss_of(Head(loss="focal"), 3, logits, np.array([0, 2])) == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_one_unit_is_two_units_whose_first_is_0(smoothing: float) -> None:
    one = Head(loss="focal", label_smoothing=smoothing)
    two = one.changed(output="softmax")
    both = np.concatenate([np.zeros_like(ONE_LOGIT), ONE_LOGIT], axis=1)
    assert loss_of(one, 2, ONE_LOGIT) == pytest.approx(loss_of(two, 2, both))


def slope(loss: keras.losses.Loss, target: list[list[float]], logits: list[list[float]]) -> list:
    """Return the gradient of a loss at the logits."""
    variable = tf.Variable(logits)
    with tf.GradientTape() as tape:
        value = loss(tf.constant(target), variable)
    return tape.gradient(value, variable).numpy().ravel().tolist()


def test_an_image_that_is_confidently_wrong_still_has_a_gradient() -> None:
    """Keras's own loss of several classes cuts probabilities, and gives such an image up."""
    one, several = [[1.0]], [[1.0, 0.0]]
    assert slope(loss_for(Head(loss="focal"), 2), one, [[-40.0]]) == pytest.approx([-1.0])
    two = Head(loss="focal", output="softmax")
    assert slope(loss_for(two, 2), several, [[-40.0, 0.0]]) == pytest.approx([-1.0, 1.0])
    keras_loss = keras.losses.CategoricalFocalCrossentropy(from_logits=True)
    assert slope(keras_loss, several, [[-40.0, 0.0]]) == [0.0, 0.0]


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 10.0])
@pytest.mark.parametrize("size", [0.0, 1.0, 20.0, 200.0])
def test_loss_and_gradient_are_numbers_everywhere(gamma: float, size: float) -> None:
    head = Head(loss="focal", focal_gamma=gamma)
    for target, logits in (([[1.0]], [[size]]), ([[0.0, 1.0, 0.0]], [[size, -size, 0.0]])):
        for sign in (1.0, -1.0):
            signed = [[sign * one for one in logits[0]]]
            loss = loss_for(head, 2 if len(target[0]) == 1 else 3)
            assert np.isfinite(float(loss(np.array(target), np.array(signed))))
            assert np.isfinite(slope(loss, target, signed)).all()


def test_class_weights_multiply_the_loss_of_each_image() -> None:
    head = Head(loss="focal")
    loss = loss_for(head, 3)
    targets = encoder(head, 3)(LABELS)
    each = [float(loss(targets[n : n + 1], LOGITS[n : n + 1])) for n in range(3)]
    weighted = float(loss(targets, LOGITS, sample_weight=np.array([3.0, 1.0, 0.5])))
    assert weighted == pytest.approx((3 * each[0] + each[1] + 0.5 * each[2]) / 3)
