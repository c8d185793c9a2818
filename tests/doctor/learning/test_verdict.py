"""Each answer on its planted case, and no other."""

from dataclasses import replace

import numpy as np
import pytest
from support.patients import healthy_recipe, healthy_run

from vgg_transfer.doctor.learning import (
    ENTRIES,
    LearningCurve,
    more_images_or_more_training,
)
from vgg_transfer.evaluation.learning_curve import Measured, foretell


def curve_of(*shares, held_out=800):
    """Return a learning curve that reaches these accuracies with 200, 400 and 800 images."""
    points = tuple(
        Measured(images, np.tile(np.arange(held_out) < share * held_out, (subsets, 1)))
        for images, subsets, share in zip((200, 400, 800), (4, 4, 1), shares, strict=True)
    )
    return LearningCurve(points, foretell(points, 1600), foretell(points, 3200))


RISING, FLAT = curve_of(0.7, 0.8, 0.9), curve_of(0.9, 0.9, 0.9)
# The healthy run reaches 90% on 800 validation images.
CASES = {
    "more-training": (curve_of(0.9, 0.93, 0.96), healthy_run()),
    "more-images": (RISING, healthy_run()),
    "neither-shown": (FLAT, healthy_run()),
}


def codes(curve, run):
    return [one.code for one in more_images_or_more_training(curve, run)]


def test_every_entry_has_a_case():
    assert {*CASES} == {entry.code for entry in ENTRIES}


@pytest.mark.parametrize("code", CASES)
def test_each_is_said_of_its_case_and_nothing_else(code):
    (found,) = more_images_or_more_training(*CASES[code])
    (entry,) = [entry for entry in ENTRIES if entry.code == code]
    assert (found.code, found.severity, found.where) == (code, entry.severity, "run")
    assert found.remedy


def test_without_a_run_only_images_are_spoken_of():
    assert codes(RISING, None) == ["more-images"]
    assert codes(CASES["more-training"][0], None) == ["more-images"]
    (found,) = more_images_or_more_training(FLAT, None)
    assert (found.code, found.where) == ("neither-shown", "images")


def test_what_is_seen_has_its_numbers():
    (found,) = more_images_or_more_training(RISING, None)
    assert found.seen.startswith(
        "an exact head on the frozen base is right in 70.0% with 200, 80.0% with 400, 90.0% with "
        "800 train images (of 800 validation images); the curve rises by "
    )
    (found,) = more_images_or_more_training(*CASES["more-training"])
    assert found.seen.startswith(
        "this run reaches 90.0% on validation images, and an exact head on the frozen base 96.0%, "
        "6.0 points ["
    )


def test_a_run_that_is_better_than_its_head_was_trained_enough():
    assert codes(curve_of(0.7, 0.7, 0.7), healthy_run()) == ["neither-shown"]


def test_a_run_whose_validation_is_of_folds_is_not_compared():
    """Or one that did not come to its end."""
    curve, run = CASES["more-training"]
    solved = {"train": ["head"], "optimizer": "exact", "strength": "cross-validation"}
    recipe = healthy_recipe(stage=[solved])
    assert codes(curve, replace(run, recipe=recipe)) == ["more-images"]
    assert codes(curve, replace(run, status="interrupted")) == ["more-images"]
