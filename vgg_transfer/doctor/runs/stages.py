"""What each stage was worth: gains, losses, and ends that came too early."""

from collections.abc import Iterator
from itertools import pairwise

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.runs.course import SURE, Course, courses, lost
from vgg_transfer.finding import Finding
from vgg_transfer.run import Run
from vgg_transfer.words import duration

_STILL_FALLING = 0.05
_WORTH_A_WORD = 60.0
_WORTH_HAVING = 0.05

SWITCH_LOST = Entry(
    "switch-lost",
    "warning",
    "A stage that lost accuracy",
    "What the stage before had reached was better than what this one left.",
    "Validation accuracy of the weights that the stage before left, less that of the weights that "
    f"this one left: a {SURE:.1%} interval is above 0.",
)
NOT_SHOWN = Entry(
    "gain-not-shown",
    "note",
    "A stage whose gain is within the noise",
    "A gain of this size may be luck, a large one would have been seen, and the stage costs time.",
    "The difference in validation accuracy to the stage before: its 95% interval holds 0 and ends "
    f"below {100 * _WORTH_HAVING:.0f} points. With few validation images it ends above, and "
    "nothing is said: there is hardly a gain that they could show.",
)
UNSETTLED_HEAD = Entry(
    "unsettled-head",
    "note",
    "A head that was still learning when a block opened",
    "The block follows a head that points elsewhere an epoch later, and the result depends on the "
    "seed.",
    "A stage of the head alone, before one that opens a block, used all its epochs, the last was "
    f"the best, and over the last third validation loss fell by {_STILL_FALLING:.0%} or more.",
)
LAST_IS_BEST = Entry(
    "last-is-best",
    "note",
    "The best epoch is the last one",
    "It was still getting better when its epochs were used up: more of them may bring more.",
    "The stage used all its epochs at a rate that does not fall to nothing by plan, and validation "
    f"loss fell by {_STILL_FALLING:.0%} or more over the last third.",
)
WAITING = Entry(
    "waiting",
    "note",
    "A training that waits for its images",
    "The processor stands still while images are read and changed: time, not accuracy, is lost.",
    "More than half of the training time passed without the next batch, in a run of a minute or "
    "more.",
)
UNFINISHED = Entry(
    "unfinished",
    "note",
    "A run that did not come to its end",
    "What is found is about what was done, and the model was not judged.",
    "The status of the run.",
)


def switch_lost(run: Run) -> Iterator[Finding]:
    """Find stages that left less than they were given."""
    images = run.image_set.count("val")
    for before, after in _successive(run):
        if before.kept is None or after.kept is None or not images:
            continue
        first, second = before.kept.val_accuracy, after.kept.val_accuracy
        fall = lost((first, images), (second, images))
        if fall.low > 0:
            number = after.outcome.stage
            yield SWITCH_LOST.found(
                after.where,
                f"validation accuracy {first:.1%} became {second:.1%}, "
                f"{100 * (first - second):.1f} points {fall} less",
                f"--set stage.{number}.rate={after.stage.rate / 10:g}, or leave the stage out",
            )


def gain_not_shown(run: Run) -> Iterator[Finding]:
    """Find stages that open blocks without a gain to be seen."""
    images = run.image_set.count("val")
    for before, after in _successive(run):
        if not after.opened or before.kept is None or after.kept is None or not images:
            continue
        gain = after.kept.val_accuracy - before.kept.val_accuracy
        interval = lost(
            (after.kept.val_accuracy, images), (before.kept.val_accuracy, images), level=0.95
        )
        if interval.low <= 0 <= interval.high < _WORTH_HAVING:
            yield NOT_SHOWN.found(
                after.where,
                f"{after.outcome.title} brought {100 * gain:+.1f} points {interval} on {images:,} "
                f"validation images, in {duration(after.outcome.seconds)}",
                '`--set until="worth it"` asks first; `compare` with the recipe without this stage '
                "tells",
            )


def unsettled_head(run: Run) -> Iterator[Finding]:
    """Find heads that had not settled when a block opened."""
    for before, after in _successive(run):
        if not before.opened and after.opened and _still_falling(before):
            number = before.outcome.stage
            yield UNSETTLED_HEAD.found(
                before.where,
                f"{_fall(before)} when {', '.join(after.opened)} opened",
                f'solve it: train = ["head"], optimizer = "exact" (--recipe exact-first), or '
                f"--set stage.{number}.epochs={2 * before.stage.epochs}",
            )


def last_is_best(run: Run) -> Iterator[Finding]:
    """Find a last stage that was still getting better."""
    every = list(courses(run))
    if every and _still_falling(every[-1]) and run.status == "complete":
        number = every[-1].outcome.stage
        yield LAST_IS_BEST.found(
            every[-1].where,
            _fall(every[-1]),
            f"--set stage.{number}.epochs={2 * every[-1].stage.epochs}",
        )


def waiting(run: Run) -> Iterator[Finding]:
    """Find a training that mostly waited for images."""
    learning = [one for course in courses(run) if course.learns for one in course.epochs]
    seconds = sum(epoch.seconds for epoch in learning)
    waited = sum(epoch.seconds * epoch.waiting_share for epoch in learning)
    if seconds >= _WORTH_A_WORD and waited > seconds / 2:
        yield WAITING.found(
            "run",
            f"{waited / seconds:.0%} of {duration(seconds)} went by waiting for images",
            "store views instead of rendering them: --set views=4; or smaller files",
        )


def unfinished(run: Run) -> Iterator[Finding]:
    """Say that a run did not come to its end; where it failed, ``diverged`` says why."""
    if run.status in ("running", "interrupted"):
        yield UNFINISHED.found(
            "run", f"its status is {run.status}", f'go on: vgg-transfer resume "{run.folder}"'
        )


def _successive(run: Run) -> Iterator[tuple[Course, Course]]:
    yield from pairwise(courses(run))


def _still_falling(course: Course) -> bool:
    losses = [epoch.val_loss for epoch in course.epochs]
    falls_by_plan = course.stage.plan.kind in ("cosine", "one-cycle")
    if not course.learns or falls_by_plan or len(losses) < 3 or not course.ran_out:
        return False
    third = losses[-1 - max(1, len(losses) // 3)]
    return min(losses) == losses[-1] <= (1 - _STILL_FALLING) * third


def _fall(course: Course) -> str:
    last = max(1, len(course.epochs) // 3)
    before, after = course.epochs[-1 - last].val_loss, course.epochs[-1].val_loss
    return (
        f"validation loss was still falling in the last of {len(course.epochs)} epochs, from "
        f"{before:.3f} to {after:.3f} in the last {last}"
    )
