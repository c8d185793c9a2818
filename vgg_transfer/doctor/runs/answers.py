"""What the answers on held-out images say of the model as a whole."""

import math
from collections import Counter
from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.course import SURE, courses, lost
from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.calibration import confidence
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run

_FEW_IMAGES = 30
_WIDE = 0.05
_WANTED = 0.02

ONE_CLASS = Entry(
    "one-class",
    "error",
    "Everything is taken for one class",
    "The network does not look at the picture at all: it has found the answer that is right most "
    "often without looking, or its signal has died.",
    f"All answers but 1 in 50 are the same class (10 images at least), and a {SURE:.1%} interval "
    "of the share that really is of that class ends below.",
)
GUESSING = Entry(
    "no-better-than-guessing",
    "warning",
    "Not told from always answering the largest class",
    "A program that never looks at a picture does as well, as far as these images can tell.",
    "The 95% interval of the accuracy begins at or below the share of the largest class, and that "
    "of balanced accuracy at or below one over the number of classes; 30 images at least.",
)
BELOW_VALIDATION = Entry(
    "test-below-validation",
    "warning",
    "Worse on test images than on validation images",
    "The validation images chose the weights, or are more like the training images than the test "
    "images are: new pictures will be like the test images, or worse.",
    f"Accuracy on validation less that on test images: a {SURE:.1%} interval is above 0.",
)
OVERCONFIDENT = Entry(
    "overconfident",
    "note",
    "Probabilities that promise too much",
    "An answer of 99% is wrong more often than once in a hundred, so that a threshold on it does "
    "not do what it seems to.",
    f"The mean probability of the answers less the share that is right: a {SURE:.1%} interval is "
    "above 0.",
)
WIDE_INTERVAL = Entry(
    "wide-interval",
    "note",
    "Too few held-out images to conclude",
    "Another draw of so few images would give another number; differences of a few points cannot "
    "be seen.",
    f"The 95% interval of the accuracy is wider than ±{100 * _WIDE:.0f} points; the number of "
    f"images for ±{100 * _WANTED:.0f} points follows from the accuracy.",
)


def one_class(run: Run) -> Iterator[Finding]:
    """Find a model that gives one answer only."""
    if (name := collapsed_to(run)) is not None:
        judged = len(run.judged)
        given = sum(one.predicted == name for one in run.judged)
        true = sum(one.label == name for one in run.judged)
        yield ONE_CLASS.found(
            "answers",
            f'{given} of {judged} {run.judged_on} images are taken for "{name}", and {true} are',
            "look at the pixels and the preprocessing first, then take a smaller rate; for uneven "
            "classes --set class_weights=balanced",
        )


def no_better_than_guessing(run: Run) -> Iterator[Finding]:
    """Find a model that cannot be told from one that never looks."""
    found = run.metrics
    if found is None or found.images < _FEW_IMAGES or collapsed_to(run) is not None:
        return
    balanced, classes = found.balanced_accuracy_interval, sum(c.images > 0 for c in found.per_class)
    blind = balanced is None or balanced.low <= 1 / classes
    if classes > 1 and found.accuracy_interval.low <= found.majority_baseline and blind:
        yield GUESSING.found(
            "answers",
            f"accuracy {found.accuracy:.1%} {found.accuracy_interval} on {found.images:,} images; "
            f'always "{found.majority_class}": {found.majority_baseline:.1%}',
            "see whether a head on frozen ImageNet blocks does better: --recipe probe; if not, "
            "look at the labels",
        )


def test_below_validation(run: Run) -> Iterator[Finding]:
    """Find a model that is worse on test images than validation promised."""
    kept = [course.kept for course in courses(run) if course.kept is not None]
    images = run.image_set.count("val")
    if run.judged_on != "test" or run.metrics is None or not kept or not images:
        return
    promised, found = kept[-1].val_accuracy, run.metrics
    fall = lost((promised, images), (found.accuracy, found.images))
    if fall.low > 0:
        yield BELOW_VALIDATION.found(
            "answers",
            f"accuracy {promised:.1%} on {images:,} validation and {found.accuracy:.1%} on "
            f"{found.images:,} test images, {100 * (promised - found.accuracy):.1f} points {fall} "
            "less",
            "look for copies and bursts across the splits, and split by what belongs together: "
            "--group REGEX",
        )


def overconfident(run: Run) -> Iterator[Finding]:
    """Find probabilities that are higher than the answers are right."""
    if len(run.judged) < _FEW_IMAGES:
        return
    sure = confidence(
        [max(one.probabilities) for one in run.judged],
        [one.predicted == one.label for one in run.judged],
        SURE,
    )
    if sure.excess.low > 0:
        yield OVERCONFIDENT.found(
            "answers",
            f"the answers claim {sure.mean:.1%} on average and are right in {sure.right:.1%}: "
            f"{100 * (sure.mean - sure.right):.1f} points {sure.excess} too much",
            "--set head.label_smoothing=0.1, fewer epochs, or believe the intervals, not the "
            "probabilities",
        )


def wide_interval(run: Run) -> Iterator[Finding]:
    """Say that the result is not known well, and what it would take."""
    found = run.metrics
    if found is None:
        return
    low, high = found.accuracy_interval.low, found.accuracy_interval.high
    if (high - low) / 2 > _WIDE:
        middle = (low + high) / 2
        needed = math.ceil(1.96**2 * middle * (1 - middle) / _WANTED**2 / 10) * 10
        yield WIDE_INTERVAL.found(
            "answers",
            f"accuracy {found.accuracy:.1%} {found.accuracy_interval} on {found.images:,} "
            f"{run.judged_on} images; about {needed:,} would give ±{100 * _WANTED:.0f} points",
            "hold more images back, --test 0.3, or average over folds, --fold 1/5 to 5/5",
        )


def collapsed_to(run: Run) -> str | None:
    """Return the class that nearly all answers name, where it is no matter of the labels."""
    answers = Counter(one.predicted for one in run.judged)
    if len(run.judged) < 10:
        return None
    name, given = answers.most_common(1)[0]
    true = sum(one.label == name for one in run.judged)
    many = given >= 0.98 * len(run.judged)
    return name if many and wilson(true, len(run.judged), SURE).high < 0.98 else None
