"""Whether frozen blocks compute in int8, decided before anything is stored.

``auto`` decides by the recipe, the images and the processor, never by a clock or by what is stored
already: the same training anywhere on such a machine gives the same numbers.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from vgg_transfer.activations.calibration import share_lost
from vgg_transfer.activations.keys import calibration_on
from vgg_transfer.activations.room import NoRoom
from vgg_transfer.events import Said
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import cpu_has_int8, lacks_int8
from vgg_transfer.training.planning.cost import gflop_around
from vgg_transfer.training.planning.stage_plan import StagePlan

# Calibration and trial pass some 230 images, and int8 saves about 0.4 of each image's time: with
# 1,000 photographs at 224 px (30 GFLOP each) that is paid for, with a margin.
LEAST_GFLOP = 30_000.0
MOST_LOST = 0.01
_TRIED_ON = 64


def choose_int8(context: Context, plans: Sequence[StagePlan]) -> Context:
    """Return the context in which stored activations are computed, in int8 or as before.

    Args:
        context: the training.
        plans: those of all its stages.
    """
    recipe = context.network.recipe
    storing = [plan for plan in plans if plan.choice.cut is not None]
    if recipe.frozen_precision == "same" or not storing or context.cache is None:
        return context
    calibration = calibration_on(context.train)
    images = f"ranges from {len(calibration.records)} training images"
    if recipe.frozen_precision == "int8":
        context.listen(Said(f"frozen blocks compute in int8 ({images})"))
        return replace(context, int8=calibration)
    if not _open_to_int8(context, storing):
        return context
    lost, reason = None, lacks_int8()
    if reason is None:
        try:
            lost = _tried(context, storing, context.cache)
        except NoRoom as trouble:
            reason = str(trouble)
    if lost is not None and lost <= MOST_LOST:
        kept = f"{1 - lost:.1%} of what tells validation images apart"
        context.listen(Said(f"frozen blocks compute in int8 ({images}; it keeps {kept})"))
        return replace(context, int8=calibration)
    if lost is not None:
        reason = f"of what tells validation images apart it would lose {min(lost, 1):.1%}"
    context.listen(Said(f"frozen blocks do not compute in int8: {reason}"))
    return context


def _open_to_int8(context: Context, storing: Sequence[StagePlan]) -> bool:
    """True where int8 may be chosen unasked, and would pay if the machine has it."""
    recipe, device = context.network.recipe, context.device
    return (
        recipe.precision == "auto"  # who names a precision wants its numbers
        and not recipe.base.batch_norm
        and not device.jit_compile  # a GPU, which is faster still
        and cpu_has_int8()
        and gflop_to_store(context, storing) >= LEAST_GFLOP
    )


def gflop_to_store(context: Context, storing: Sequence[StagePlan]) -> float:
    """Return the billions of operations that fill empty stores for these stages.

    Args:
        context: the training.
        storing: plans of stages that store activations.
    """
    works: dict[tuple[object, ...], float] = {}
    for plan in storing:
        choice, size = plan.choice, context.network.recipe.size_of(plan.stage)
        images = max(choice.views, 1) * len(context.train) + len(context.validation)
        views = (size, choice.views, choice.augmentation.of_one_image)
        works[views] = max(works.get(views, 0.0), images * _below(context, plan))
    return sum(works.values())


def _below(context: Context, plan: StagePlan) -> float:
    network = context.network
    return gflop_around(network, plan.choice.cut, network.recipe.size_of(plan.stage))[0]


def _tried(context: Context, storing: Sequence[StagePlan], cache: Path) -> float:
    """Return the share that is lost in int8 at the cut below which most is computed."""
    plan = max(storing, key=lambda one: _below(context, one))
    at_stage = context.at(plan.stage)
    return share_lost(
        at_stage.network,
        plan.cuts[-1],
        calibration_on(context.train),
        calibration_on(context.validation, _TRIED_ON).records,
        at_stage.shape(plan.stage),
        cache,
        context.listen,
    )
