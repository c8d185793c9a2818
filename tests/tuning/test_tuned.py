"""What is said of a search: which words go with which numbers."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from vgg_transfer.recipe import named
from vgg_transfer.tuning.tuned import (
    TunedTrial,
    Tuning,
    accuracy_in_words,
    loss_in_words,
)

DEFAULT = TunedTrial(0, "complete", {"head.l2": "0.0"}, 40.0, 30.0, 0.5, 180)
BETTER = TunedTrial(4, "complete", {"head.l2": "0.01"}, 12.0, 0.0, 0.375, 190)


def found(*trials, best=BETTER, images=200, looks=1):
    return Tuning(
        folder=Path("out"),
        trials=trials or (DEFAULT, BETTER),
        best=best,
        default=(trials or (DEFAULT,))[0],
        validation_images=images,
        recipe=named("frozen"),
        recipe_file=Path("out/best.toml"),
        run=SimpleNamespace(folder=Path("out/best"), metrics=None),
        looks=looks,
        mattered={"head.l2": 1.0},
    )


def test_filling_does_not_count_as_learning():
    assert DEFAULT.learning_seconds == 10.0


def test_the_gain_is_said_in_the_loss_that_chose():
    assert found().verdict == (
        "Trial 4 was chosen over the recipe as it is by 0.1250 in log loss on the 200 validation "
        "images (0.3750 against 0.5000)."
    )


def test_the_choosing_number_is_said_to_flatter():
    # 190 of 200: the Wilson interval of 95 % is from 91.0 to 97.3 %.
    assert found().chosen_by == (
        "log loss 0.3750, accuracy 95.0% [91.0, 97.3] on 200 validation images: these chose it, so "
        "they flatter it"
    )


@pytest.mark.parametrize(
    ("trials", "verdict"),
    [
        (1, "Nothing but the recipe as it is was tried yet: continue with more minutes."),
        (2, "Of one other setting none did better on the 200 validation images"),
        (3, "Of 2 other settings none did better on the 200 validation images"),
    ],
)
def test_where_nothing_is_better_that_is_the_answer(trials, verdict):
    worse = replace(BETTER, log_loss=0.9)
    assert found(DEFAULT, *[worse] * (trials - 1), best=DEFAULT).verdict.startswith(verdict)


@pytest.mark.parametrize(
    ("looks", "images", "cautions"),
    [
        (1, 200, []),
        (1, 99, ["Only 99 validation images choose the settings, so the choice is partly luck"]),
        (2, 200, ["The test images had been looked at once before in this search"]),
        (3, 100, ["The test images had been looked at 2 times before in this search"]),
        (2, 30, ["Only 30 validation images", "The test images had been looked at once before"]),
    ],
)
def test_cautions(looks, images, cautions):
    said = found(looks=looks, images=images).cautions
    assert len(said) == len(cautions)
    for sentence, beginning in zip(said, cautions, strict=True):
        assert sentence.startswith(beginning)


def test_a_trial_that_failed_has_no_accuracy():
    assert accuracy_in_words(replace(DEFAULT, correct=None), 200) == "unknown"


@pytest.mark.parametrize(
    ("loss", "words"),
    [(0.5, "0.5000"), (18.02, "18.0200"), (0.00042, "0.00042"), (0.0, "0"), (None, "failed")],
)
def test_a_loss_has_as_many_digits_as_it_needs(loss, words):
    assert loss_in_words(loss) == words
