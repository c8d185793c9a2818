"""Run one stage, and prove that what is frozen in it did not move."""

from vgg_transfer.activations import StoreDamaged
from vgg_transfer.errors import TrainingError
from vgg_transfer.images.tfdata.failures import op_errors, own_error
from vgg_transfer.network.parts import frozen_digest
from vgg_transfer.training.context import Context
from vgg_transfer.training.planning.stage_plan import StagePlan
from vgg_transfer.training.stages.exact_head import solve_stage
from vgg_transfer.training.stages.fit import fit_stage
from vgg_transfer.training.stages.keeper import Keeping
from vgg_transfer.training.stages.result import StageResult


def run_stage(
    context: Context, plan: StagePlan, before: StageResult | None, keeping: Keeping
) -> StageResult:
    """Run a stage; whatever ends it, the network keeps the weights that the stage wants.

    Args:
        context: the training.
        plan: the stage to run.
        before: the result of the stage before; None for the first.
        keeping: how it keeps what it has reached, and what it goes on with.

    Raises:
        TrainingError: a frozen tensor moved, or stored activations were altered meanwhile.
        ImageSetError: an image cannot be read any more.
    """
    stage, context = plan.stage, context.at(plan.stage)
    frozen_blocks = [block for block in context.network.blocks if block not in stage.train]
    digest = frozen_digest(context.network, frozen_blocks)
    try:
        if stage.optimizer == "exact":
            result = solve_stage(context, plan, before)
        else:
            result = fit_stage(context, plan, before, keeping)
    except StoreDamaged as damage:
        raise altered(damage) from damage
    except op_errors() as error:
        raise in_our_words(error) from error
    if frozen_digest(context.network, frozen_blocks) != digest:
        raise TrainingError(
            f"stage {plan.number} ({stage.title}) changed a tensor that is frozen in it; please "
            "report this: the result of this training cannot be trusted"
        )
    return result


def in_our_words(error: Exception) -> Exception:
    """Return the error of ours that TensorFlow tells of, or the error itself.

    It is asked for where the error is caught: within ``own_errors`` the batches that it ended would
    be held still, and a thread that reads them would keep Python from ending.
    """
    found = own_error(error)
    return altered(found) if isinstance(found, StoreDamaged) else found


def altered(damage: StoreDamaged) -> TrainingError:
    """Return the error that says that a store was altered, and what to do."""
    return TrainingError(
        f"stored activations were altered while the training read them ({damage}). Train again: "
        "what is damaged is found and computed again; or leave them out with --no-cache"
    )
