"""What a stage hands on, and how it says why it ended."""

import time
from dataclasses import dataclass, field

from vgg_transfer.errors import TrainingError
from vgg_transfer.recipe import Stage
from vgg_transfer.run import Epoch, Filled, StageOutcome
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.optimizers import OptimizerState
from vgg_transfer.words import counted


@dataclass(frozen=True)
class StageResult:
    """What a stage hands on.

    Args:
        outcome: how it went and why it ended.
        epochs: one record for each whole epoch.
        optimizer_state: what optimizers have learnt so far, for the next stage.
        filled: what it asked of stores, and what that took.
        stopped_by: set where the training cannot or shall not go on.
    """

    outcome: StageOutcome
    epochs: tuple[Epoch, ...] = ()
    optimizer_state: OptimizerState = field(default_factory=OptimizerState)
    filled: tuple[Filled, ...] = ()
    stopped_by: KeyboardInterrupt | TrainingError | None = None


def interrupted_before_it_began(
    plan: StagePlan,
    state: OptimizerState,
    filled: tuple[Filled, ...],
    pressed: KeyboardInterrupt,
    began: float,
) -> StageResult:
    """Return the result of a stage in which Ctrl-C was pressed before its first step."""
    outcome = StageOutcome(
        stage=plan.number,
        title=plan.stage.title,
        epochs=0,
        best_epoch=0,
        monitor=monitor_of(plan.stage),
        best=None,
        ended=reason_of_end(plan.stage, 0, pressed),
        seconds=time.perf_counter() - began,
        views=plan.choice.in_words,
    )
    return StageResult(outcome, (), state, filled, pressed)


def monitor_of(stage: Stage) -> str:
    """Return what decides which weights of a stage are best: ``val_loss`` or ``val_accuracy``."""
    return stage.stopping.monitor if stage.stopping else "val_loss"


def reason_of_end(stage: Stage, epochs: int, stopped_by: BaseException | None) -> str:
    """Say why a stage ended after so many whole epochs."""
    if isinstance(stopped_by, KeyboardInterrupt):
        return f"interrupted after {counted(epochs, 'full epoch')}"
    if stopped_by is not None:
        return str(stopped_by)
    if stage.stopping and epochs < stage.epochs:
        patience = counted(stage.stopping.patience, "epoch")
        return f"{stage.stopping.monitor} did not improve for {patience}"
    return "all epochs done"
