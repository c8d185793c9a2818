"""Temperatures of probabilities whose promise is known."""

import numpy as np
import pytest

from vgg_transfer.evaluation.temperature import fit_temperature, reliability, tempered


def drawn(images=4000, classes=3, temperature=1.0, seed=0):
    """Labels that follow some probabilities, and what a model that is off by so much says."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (images, classes))
    true = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    labels = np.array([rng.choice(classes, p=row) for row in true])
    return labels, tempered(true, 1 / temperature)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_was_put_in_is_found(temperature):
    labels, found = drawn(temperature=temperature)
    calibration = fit_temperature(labels, found)
    assert calibration.temperature == pytest.approx(temperature, rel=0.07)
    assert calibration.images == 4000
    before, after = (
        reliability(labels, found),
        reliability(labels, tempered(found, calibration.temperature)),
    )
    assert after.error < 0.02
    assert after.error_interval.low <= after.error <= after.error_interval.high + 0.01
    if temperature != 1.0:
        assert before.error > 0.05
        assert before.error_interval.low > after.error_interval.high
        assert before.log_loss > after.log_loss


def test_a_temperature_changes_no_answer_and_one_changes_nothing():
    _, found = drawn(images=50)
    cooler = tempered(found, 0.3)
    assert (cooler.argmax(1) == found.argmax(1)).all()
    np.testing.assert_allclose(cooler.sum(1), 1)
    np.testing.assert_allclose(tempered(found, 1.0), found, atol=1e-6)
    # Of two classes the odds are raised to the power of 1 / temperature.
    np.testing.assert_allclose(tempered(np.array([0.9, 0.1]), 2.0), [0.75, 0.25])


def test_where_all_images_are_right_nothing_is_made_certain():
    found = np.tile([0.9, 0.1], (20, 1))
    calibration = fit_temperature(np.zeros(20, int), found)
    assert 0.3 < calibration.temperature < 1


def test_probabilities_of_nothing_and_all_are_taken():
    calibration = fit_temperature(np.array([0, 1]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    assert calibration.temperature > 1
    assert np.isfinite(reliability(np.array([0, 1]), np.array([[1.0, 0.0]] * 2)).log_loss)


def test_the_error_is_the_gap_between_sure_and_right():
    # Two ranges: 100 answers of 0.95 of which 85 are right, 100 of 0.65 of which 65 are.
    found = np.array([[0.95, 0.05]] * 100 + [[0.65, 0.35]] * 100)
    labels = np.array([0] * 85 + [1] * 15 + [0] * 65 + [1] * 35)
    told = reliability(labels, found)
    assert told.error == pytest.approx(0.05)
    # By chance a share of 100 is off by sqrt(2 p (1 - p) / (100 pi)): 0.017 and 0.038.
    assert told.by_chance == pytest.approx(0.028, abs=0.003)
