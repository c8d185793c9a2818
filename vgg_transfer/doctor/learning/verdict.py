"""More images or more training? What a learning curve says, alone or beside a run."""

from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.learning.curve import (
    FEWEST_HELD_OUT,
    FEWEST_OF_A_CLASS,
    LearningCurve,
)
from vgg_transfer.doctor.runs.course import SURE, courses, lost
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.evaluation.learning_curve import Forecast
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run

_MEASURED = (
    "An exact head on the pooled output of the base, fitted on a quarter and a half of the "
    "training images (4 random parts each) and on all of them, and judged on the validation "
    "images. Twice and four times as many are foretold by two shapes, errors that fall to a floor "
    "with the inverse square root of the number of images and accuracy that gains as much with "
    "each doubling; the interval allows for both shapes, and for other images. Not below "
    f"{FEWEST_HELD_OUT} validation images or {FEWEST_OF_A_CLASS} training images of a class. "
    "Blocks that are trained gain more from images than a head does."
)
MORE_TRAINING = Entry(
    "more-training",
    "warning",
    "More training or another schedule, rather than more images",
    "A head that is solved in seconds does better on what the network knew before this training, "
    "so that images are not what it lacks.",
    f"The learning curve's accuracy with all images less that of the run, on validation images: a "
    f"{SURE:.1%} interval is above 0. Not of a run whose validation accuracy is that of folds.",
)
MORE_IMAGES = Entry(
    "more-images",
    "note",
    "More images would help",
    "The accuracy still rises with the number of images, so that collecting some pays more than "
    "another schedule most likely would.",
    "The learning curve: the 95% interval of its rise to twice as many images is above 0. "
    + _MEASURED,
)
NEITHER_SHOWN = Entry(
    "neither-shown",
    "note",
    "Neither more images nor more training is shown to help",
    "The accuracy hardly rises with the number of images, or too few held-out images could show "
    "it; what is left is another schedule, larger pictures, or better labels.",
    "As `more-images` and `more-training`, where neither is said.",
)
ENTRIES = (MORE_TRAINING, MORE_IMAGES, NEITHER_SHOWN)


def more_images_or_more_training(curve: LearningCurve, run: Run | None) -> Iterator[Finding]:
    """Yield what the learning curve says of images, and of what a run made of them.

    Args:
        curve: measured on the images.
        run: trained on them; None: there is none.
    """
    reached = _accuracy_of(run)
    where = "images" if run is None else "run"
    short = lost((curve.reached, curve.held_out), (reached or 0.0, curve.held_out))
    if reached is not None and short.low > 0:
        yield MORE_TRAINING.found(
            where,
            f"this run reaches {reached:.1%} on validation images, and an exact head on the frozen "
            f"base {curve.reached:.1%}, {in_points(curve.reached - reached)} points {short} more",
            "--recipe exact-first; or more epochs, at a rate that is found: --find-rate",
        )
    elif curve.doubled.gain_interval.low > 0:
        yield MORE_IMAGES.found(
            where,
            _seen(curve),
            f"collect some: about {curve.doubled.images - curve.points[-1].images:,} more train "
            "images, like those that are often taken for others first",
        )
    else:
        yield NEITHER_SHOWN.found(
            where, _seen(curve), "try what can be tried: `vgg-transfer doctor ... --treat`"
        )


def _accuracy_of(run: Run | None) -> float | None:
    """Return what a run reached on validation images, where it never learnt from them."""
    if run is None or run.status != "complete":
        return None
    if any(stage.fits_validation for stage in run.recipe.stage):
        return None
    kept = [course.kept for course in courses(run) if course.kept is not None]
    return kept[-1].val_accuracy if kept else None


def _seen(curve: LearningCurve) -> str:
    measured = ", ".join(f"{one.accuracy:.1%} with {one.images:,}" for one in curve.points)
    return (
        f"an exact head on the frozen base is right in {measured} train images (of "
        f"{curve.held_out:,} validation images); the curve rises by {_gain(curve.doubled)} with "
        f"twice as many, by {_gain(curve.fourfold)} with four times as many"
    )


def _gain(forecast: Forecast) -> str:
    sign = "+" if forecast.gain >= 0 else ""
    return f"{sign}{in_points(forecast.gain)} points {forecast.gain_interval}"
