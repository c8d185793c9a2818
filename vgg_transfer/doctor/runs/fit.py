"""Whether what was learnt is the rule or the images: overfitting and underfitting."""

from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.course import SURE, Course, courses, lost
from vgg_transfer.evaluation import wilson
from vgg_transfer.evaluation.trend import rises_by_chance
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run

_WIDE_GAP = 0.10
_CHANCE = 0.01
_SMALL_GAP = 0.05

OVERFITTING = Entry(
    "overfitting",
    "warning",
    "Overfitting",
    "The network goes on learning its training images by heart: they get better, others do not, "
    "and its probabilities on others get worse.",
    "In a stage, behind the epoch of the least validation loss: the validation loss goes on rising "
    f"to the last epoch (Mann-Kendall test, p < {_CHANCE}) while the training loss falls, and "
    f"training accuracy is above validation accuracy by {_WIDE_GAP:.0%} at least (the lower end of "
    f"a {SURE:.1%} interval).",
)
UNDERFITTING = Entry(
    "underfitting",
    "warning",
    "Underfitting",
    "Even the images it trains on are mostly wrong, so that more of them would not help: the "
    "network is too stiff, too restrained or not trained enough.",
    "In the weights that are kept: both errors, on training and on validation images, are above "
    f"half of what always answering the largest class makes (lower ends of {SURE:.1%} intervals), "
    f"and they are less than {_SMALL_GAP:.0%} apart. Not where mixup or cutmix make training "
    "images harder than they are.",
)


def overfitting(run: Run) -> Iterator[Finding]:
    """Find stages that ended by learning images by heart."""
    images = run.image_set.count("train"), run.image_set.count("val")
    for course in courses(run):
        if not course.learns or not all(images):
            continue
        best = min(course.epochs, key=lambda epoch: epoch.val_loss)
        # Without the best itself: that it is the least is what it was chosen by.
        since, last = course.epochs[best.epoch :], course.epochs[-1]
        gap = lost((last.accuracy, images[0]), (last.val_accuracy, images[1]))
        chance = rises_by_chance([epoch.val_loss for epoch in since])
        if gap.low >= _WIDE_GAP and chance < _CHANCE and last.loss < best.loss:
            apart = 100 * (last.accuracy - last.val_accuracy)
            yield OVERFITTING.found(
                course.where,
                f"from epoch {best.epoch} to {last.epoch} validation loss rose from "
                f"{best.val_loss:.3f} to {last.val_loss:.3f} while training loss fell from "
                f"{best.loss:.3f} to {last.loss:.3f}; accuracies are {apart:.1f} points {gap} "
                f"apart; epoch {course.outcome.best_epoch} was kept",
                f"{_fewer(course, best.epoch)}--set head.dropout=0.5 --set augmentation=strong",
            )


def underfitting(run: Run) -> Iterator[Finding]:
    """Find a run whose training images are mostly wrong."""
    counts = run.image_set.counts.get("train", {})
    images, validation = sum(counts.values()), run.image_set.count("val")
    trained = [course for course in courses(run) if course.kept is not None]
    if not trained or not images or not validation:
        return
    course = trained[-1]
    augmentation = course.stage.augmentation or run.recipe.augmentation
    kept = course.kept
    if kept is None or (course.learns and (augmentation.mixup or augmentation.cutmix)):
        return
    guessing = 1 - max(counts.values()) / images
    errors = [
        wilson(round((1 - accuracy) * number), number, SURE)
        for accuracy, number in ((kept.accuracy, images), (kept.val_accuracy, validation))
    ]
    gap = kept.accuracy - kept.val_accuracy
    if all(error.low > guessing / 2 for error in errors) and gap < _SMALL_GAP:
        yield UNDERFITTING.found(
            course.where,
            f"{1 - kept.accuracy:.1%} {errors[0]} of the training images are wrong, and "
            f"{1 - kept.val_accuracy:.1%} {errors[1]} of the validation images; guessing makes "
            f"{guessing:.1%}",
            _further(run),
        )


def _fewer(course: Course, best: int) -> str:
    """Return the change that ends a stage where it is best, with a blank behind it."""
    if course.stage.keep == "best":
        return ""
    return f"--set stage.{course.outcome.stage}.epochs={best} "


def _further(run: Run) -> str:
    opens = any(block != "head" for stage in run.recipe.stage for block in stage.train)
    if not opens:
        return "open blocks: --recipe exact-first --unfreeze 2; or larger images, --set size=224"
    return "train longer, at a rate that is found: --find-rate; and with less dropout and penalty"
