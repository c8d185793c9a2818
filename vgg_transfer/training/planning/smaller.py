"""Recipes that take less time, in the order in which things are given up.

1. Views, one after another, down to two. They cost most, and two of them gave nearly what four gave
   (five classes of flowers, block5, log loss 0.82 and 0.81 on validation images).
2. Epochs of stages that train blocks of the base, in proportion and with their warm-ups, down to
   one. Two views and two epochs gave 0.84. Epochs of the head alone cost next to nothing.
3. The last views. Plain images are learnt by heart (0.99 after five epochs, worse than the 0.88 of
   the head alone), so a block sees them once only.
4. The lowest block that trains, with all stages that train it; then 1 to 3 again, from all views.
5. All training by steps: the head is solved exactly on plain images.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.recipe.stage import BLOCKS, CyclicalPlan, OneCyclePlan
from vgg_transfer.training.planning.views import AUTO_VIEWS
from vgg_transfer.words import counted, listed

_FEWEST_VIEWS, _MOST_VIEWS = 2, 64


def smaller_recipes(recipe: Recipe, stores: bool) -> Iterator[Recipe]:
    """Yield the recipe itself, then ever smaller ones; each loses something else than time.

    Random weights are never left frozen, so such a recipe loses no block.

    Args:
        recipe: what is to be done.
        stores: whether activations are stored; without stores, fewer views take as long.
    """
    left: Recipe | None = recipe
    while left is not None:
        yield from _less_of_each_stage(left, stores)
        left = _without_lowest_block(left)
    alone = _head_alone(recipe)
    if alone is not None:
        yield from _less_of_each_stage(alone, stores)


def left_out(recipe: Recipe, smaller: Recipe) -> str:
    """Say what a smaller recipe leaves out, in a phrase; nothing where it is the same.

    Args:
        recipe: what was to be done.
        smaller: one of its ``smaller_recipes``.
    """
    trained = {block for stage in smaller.stage for block in stage.train}
    kept = [stage for stage in recipe.stage if trained.issuperset(stage.train)]
    less: dict[str, None] = {}  # each phrase once, in order
    for before, after in zip(kept, smaller.stage, strict=False):
        some, all_of_them = views_of(smaller, after), views_of(recipe, before)
        if some != all_of_them and after.optimizer != "exact":
            now = counted(some, "view") if some else "plain images"
            was = str(all_of_them) if some else counted(all_of_them, "view")
            was = "fresh ones" if _wanted(recipe, before) == "fresh" else was
            less[f"{now} instead of {was}"] = None
        if after.epochs != before.epochs and after.optimizer == before.optimizer:
            less[f"{counted(after.epochs, 'epoch')} instead of {before.epochs}"] = None
    opened = {block for stage in recipe.stage for block in stage.train}
    frozen = [block for block in reversed(BLOCKS) if block in opened - trained]
    phrases = [", ".join(less)] if less else []
    if frozen:
        phrases.append(f"{listed(frozen, quoted=False)} stay{'s' * (len(frozen) == 1)} frozen")
    if smaller.stage[0].optimizer == "exact" and recipe.stage[0].optimizer != "exact":
        phrases.append("the head is solved exactly on plain images")
    return "; ".join(phrases)


def views_of(recipe: Recipe, stage: Stage) -> int:
    """Return how many different views of an image a stage asks for; 0: none but the plain image."""
    wanted, augmentation = _wanted(recipe, stage), stage.augmentation or recipe.augmentation
    frozen = set(recipe.base.block_names) - set(stage.train)
    if stage.optimizer == "exact" or wanted == "plain" or augmentation.changes_nothing:
        return 0
    if augmentation.cutmix or recipe.base.block_names[0] not in frozen:
        return 0  # it reads images in any case
    if isinstance(wanted, int):
        return wanted
    return AUTO_VIEWS if wanted == "auto" else stage.epochs


def _wanted(recipe: Recipe, stage: Stage) -> str | int:
    return recipe.views if stage.views is None else stage.views


def _less_of_each_stage(recipe: Recipe, stores: bool) -> Iterator[Recipe]:
    """Yield the recipe with all its stages, and ever fewer views and epochs."""
    yield recipe
    most = max(views_of(recipe, stage) for stage in recipe.stage) if stores else 0
    stages = recipe.stage
    costly = [stage.epochs for stage in stages if _has_costly_epochs(recipe, stage, stores)]
    longest = max(costly, default=1)
    for views in range(min(most - 1, _MOST_VIEWS), _FEWEST_VIEWS - 1, -1):
        yield _with(recipe, views, longest, longest, stores)
    for epochs in range(longest - 1, 0, -1):
        yield _with(recipe, min(most, _FEWEST_VIEWS, epochs), epochs, longest, stores)
    if most:
        yield _with(recipe, 0, 1, longest, stores)


def _has_costly_epochs(recipe: Recipe, stage: Stage, stores: bool) -> bool:
    """Return whether fewer epochs save time: not where stored rows go through an output layer."""
    cheap = stores and stage.train == ("head",) and not recipe.head.dense
    return stage.optimizer != "exact" and not cheap


def _with(recipe: Recipe, views: int, epochs: int, longest: int, stores: bool) -> Recipe:
    """Return the recipe with so many views at most, and so many epochs in its longest stage.

    All stages get the same number of views, so that they share them. There are no more views than
    epochs: an epoch shows one view of each image.
    """
    changes: dict[str, Any] = {}
    for number, stage in enumerate(recipe.stage, start=1):
        change: dict[str, Any] = {}
        fewer = max(1, round(stage.epochs * epochs / longest))
        if fewer < stage.epochs and _has_costly_epochs(recipe, stage, stores):
            change = _shortened(stage, fewer)
        if stores and views_of(recipe, stage) > views:
            change["views"] = views or "plain"
        if change:
            changes[f"stage_{number}"] = change
    return recipe.changed(**changes)


def _shortened(stage: Stage, epochs: int) -> dict[str, Any]:
    """Return the changes that give a stage fewer epochs; its rate goes the same way in them."""
    share = epochs / stage.epochs
    plan: dict[str, Any] = {}
    if not isinstance(stage.plan, OneCyclePlan) and stage.plan.warm_up:
        plan["warm_up"] = _rounded(stage.plan.warm_up * share)
    if isinstance(stage.plan, CyclicalPlan):
        plan["cycle"] = _rounded(stage.plan.cycle * share)
    return {"epochs": epochs, "plan": plan} if plan else {"epochs": epochs}


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _without_lowest_block(recipe: Recipe) -> Recipe | None:
    """Return the recipe without the stages that train its lowest block; None where none is left."""
    lowest = min((block for stage in recipe.stage for block in stage.train), key=BLOCKS.index)
    kept = [stage for stage in recipe.stage if lowest not in stage.train]
    if not kept or recipe.base.weights == "none":
        return None
    return _with_stages(recipe, kept)


def _head_alone(recipe: Recipe) -> Recipe | None:
    """Return the recipe that trains the head alone, exactly where that kind of head allows it.

    None where that is what the recipe does, or where the base is random.
    """
    if recipe.base.weights == "none":
        return None
    head = recipe.head
    hidden = head.dense or head.batch_norm
    if recipe.sampling == "all" and head.loss == "crossentropy" and not hidden:
        return _with_stages(recipe, [Stage(train=("head",), optimizer="exact")])
    if all(stage.train == ("head",) for stage in recipe.stage):
        return None
    return _with_stages(recipe, [Stage(train=("head",), views="plain")])


def _with_stages(recipe: Recipe, stages: Sequence[Stage]) -> Recipe:
    """Return the recipe with other stages; what stops before opening goes where nothing opens."""
    changed = recipe.changed(stage=stages, until="end")
    opens = any(changed.opened_below(number) for number in range(1, len(stages) + 1))
    return changed.changed(until=recipe.until) if opens else changed
