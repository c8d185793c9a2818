"""Recipes that take less time, in the order in which things are given up.

1. Views, one after another, down to two: they cost most and each adds less than the one before.
2. Epochs, in proportion over the stages and with their warm-ups, down to half of them.
3. The last two views: what is plain is learnt by heart, so with half of the epochs or fewer.
4. The lowest block that trains, with all stages that train it; then 1 to 3 again, from all views.
5. All training by steps: the head is solved exactly on plain images.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.recipe.stage import BLOCKS, CyclicalPlan
from vgg_transfer.training.planning.views import AUTO_VIEWS
from vgg_transfer.words import counted, listed

_FEWEST_VIEWS = 2


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
    if recipe.base.weights != "none":
        yield from _less_of_each_stage(_head_alone(recipe), stores)


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
            said = "fresh ones" if _wanted(recipe, before) == "fresh" else str(all_of_them)
            plain = f"plain images instead of {said if said[0] == 'f' else said + ' views'}"
            less[f"{counted(some, 'view')} instead of {said}" if some else plain] = None
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
    learning = [stage for stage in recipe.stage if stage.optimizer != "exact"]
    most = max((views_of(recipe, stage) for stage in learning), default=0) if stores else 0
    longest = max((stage.epochs for stage in learning), default=1)
    half = max(1, longest // 2)
    for views in range(most - 1, _FEWEST_VIEWS - 1, -1):
        yield _with(recipe, views, longest, longest)
    few = min(most, _FEWEST_VIEWS)
    for epochs in range(longest - 1, half - 1, -1):
        yield _with(recipe, few, epochs, longest)
    for epochs in range(half if learning else 0, 0, -1):
        yield _with(recipe, 0, epochs, longest)


def _with(recipe: Recipe, views: int, epochs: int, longest: int) -> Recipe:
    """Return the recipe with so many views at most, and so many epochs in its longest stage."""
    changes: dict[str, Any] = {}
    for number, stage in enumerate(recipe.stage, start=1):
        if stage.optimizer == "exact":
            continue
        fewer = max(1, round(stage.epochs * epochs / longest))
        change: dict[str, Any] = _shortened(stage, fewer) if fewer < stage.epochs else {}
        # An epoch shows one view of each image: more views than epochs would be stored in vain.
        shown = min(views, fewer)
        if views_of(recipe, stage) > shown:
            change["views"] = shown or "plain"
        if change:
            changes[f"stage_{number}"] = change
    return recipe.changed(**changes)


def _shortened(stage: Stage, epochs: int) -> dict[str, Any]:
    """Return the changes that give a stage fewer epochs; its rate goes the same way in them."""
    share = epochs / stage.epochs
    plan: dict[str, Any] = {}
    if stage.plan.warm_up:
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


def _head_alone(recipe: Recipe) -> Recipe:
    """Return the recipe that trains the head alone, exactly where that kind of head allows it."""
    head = recipe.head
    exact = not (head.dense or head.batch_norm or head.loss != "crossentropy")
    if exact and recipe.sampling == "all":
        return _with_stages(recipe, [Stage(train=("head",), optimizer="exact")])
    return _with_stages(recipe, [Stage(train=("head",), views="plain")])


def _with_stages(recipe: Recipe, stages: Sequence[Stage]) -> Recipe:
    """Return the recipe with other stages; what stops before opening goes where nothing opens."""
    changed = recipe.changed(stage=stages, until="end")
    opens = any(changed.opened_below(number) for number in range(1, len(stages) + 1))
    return changed.changed(until=recipe.until) if opens else changed
