"""What the verbs print with ``--json`` that train, and those that show what was trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from vgg_transfer.evaluation import Metrics
from vgg_transfer.evaluation.intervals import Interval
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import (
    Advice,
    Environment,
    Epoch,
    ImagesUsed,
    Run,
    StageOutcome,
    StartingWeights,
    Status,
)
from vgg_transfer.run.folder import resume_command
from vgg_transfer.run.found import Found, State, how_far


@dataclass(frozen=True)
class TrainAnswer:
    """A run; ``seconds`` are those of the whole training."""

    run: PurePath
    status: Status
    judged_on: str
    metrics: Metrics | None
    seconds: float
    stages: tuple[StageOutcome, ...]
    findings: tuple[Finding, ...]
    advice: tuple[Advice, ...]

    @classmethod
    def of(cls, run: Run) -> "TrainAnswer":
        """Return what there is to tell of a training."""
        return cls(
            run.folder,
            run.status,
            run.judged_on,
            run.metrics,
            run.seconds,
            run.stages,
            run.findings,
            run.advice,
        )


@dataclass(frozen=True)
class ListedRun:
    """A run in a list; what is not known is null.

    ``images`` are by split; ``accuracy`` is on the images of ``judged_on``; ``next`` is the command
    that goes on with it, ``damage`` what is wrong with its folder, each empty where there is none.
    """

    run: PurePath
    state: State
    recipe: str | None
    images: Mapping[str, int] | None
    judged_on: str
    accuracy: float | None
    accuracy_interval: Interval | None
    seconds: float
    next: str
    damage: str

    @classmethod
    def of(cls, found: Found) -> "ListedRun":
        """Return what a list tells of a run folder."""
        run, metrics = found.run, found.run.metrics if found.run else None
        return cls(
            run=found.folder.absolute(),
            state=found.state,
            recipe=run.recipe.name if run else None,
            images={name: run.image_set.count(name) for name in run.image_set.counts}
            if run
            else None,
            judged_on=run.judged_on if run else "",
            accuracy=metrics.accuracy if metrics else None,
            accuracy_interval=metrics.accuracy_interval if metrics else None,
            seconds=found.seconds,
            next=_next(found),
            damage=found.damage,
        )


@dataclass(frozen=True)
class RunsAnswer:
    """The runs in a folder."""

    folder: PurePath
    runs: tuple[ListedRun, ...]


@dataclass(frozen=True)
class ShowAnswer:
    """A run; ``reached`` says how far an unfinished one came, ``next`` how to go on with it."""

    run: PurePath
    state: State
    reached: str
    next: str
    seed: int
    recipe: Recipe
    class_names: tuple[str, ...]
    image_set: ImagesUsed
    weights: StartingWeights
    environment: Environment
    judged_on: str
    metrics: Metrics | None
    seconds: float
    stages: tuple[StageOutcome, ...]
    history: tuple[Epoch, ...]
    findings: tuple[Finding, ...]
    advice: tuple[Advice, ...]

    @classmethod
    def of(cls, found: Found) -> "ShowAnswer":
        """Return what there is to tell of a run."""
        run, ended = found.record, found.state in ("complete", "failed")
        return cls(
            run=run.folder.absolute(),
            state=found.state,
            reached="" if ended else how_far(found.progress, len(run.recipe.stage)),
            next=_next(found),
            seed=run.seed,
            recipe=run.recipe,
            class_names=run.class_names,
            image_set=run.image_set,
            weights=run.weights,
            environment=run.environment,
            judged_on=run.judged_on,
            metrics=run.metrics,
            seconds=found.seconds,
            stages=run.stages,
            history=run.history,
            findings=run.findings,
            advice=run.advice,
        )


def _next(found: Found) -> str:
    return resume_command(found.folder.absolute()) if found.can_go_on else ""
