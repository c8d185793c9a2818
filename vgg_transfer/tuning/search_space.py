"""What ``tune`` searches: settings of a recipe, with the values that each of them may take.

A setting has the name that it has after ``--set``, and its values are written as there, so that
every trial can be repeated by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from vgg_transfer.errors import ComparisonError
from vgg_transfer.recipe import Recipe, Stage, override

# What views = "auto" comes to where activations are stored, as training.views has it. More would
# take most of the time to compute: every view of every image goes once through the frozen blocks.
STORED_VIEWS = 4
_FEWER_VIEWS = ("plain", "2")
_POOLINGS = ("average", "max", "both")
_DENSE = ("[]", "[128]", "[256]", "[512]")
_L2 = ("0.0", "1e-05", "0.0001", "0.001", "0.01")
_MOST_DROPOUT = 0.7
# A rate is searched from this share of the recipe's own to this multiple of it.
_RATE_FACTOR = 30.0
_HIGHEST_RATE = 10.0


@dataclass(frozen=True)
class Choice:
    """One of these values, written as after ``--set``."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """A number between these two; on a logarithmic scale equal factors are equally likely."""

    low: float
    high: float
    logarithmic: bool = False


Space = Mapping[str, Choice | Range]
Values = Mapping[str, str | float]


def settled(recipe: Recipe) -> Recipe:
    """Return the recipe with ``views = "auto"`` decided, so that all trials see the same images.

    ``auto`` measures the machine, and decides for one training; over many trainings on the same
    stored activations, stored views are the cheaper way.
    """
    if not _sees_views(recipe):
        return recipe
    stages = tuple(
        stage.changed(views=STORED_VIEWS) if stage.views == "auto" else stage
        for stage in recipe.stage
    )
    views = STORED_VIEWS if recipe.views == "auto" else recipe.views
    return recipe.changed(views=views, stage=stages)


def search_space(recipe: Recipe) -> Space:
    """Return what can be searched in a settled recipe; its own values are always among it.

    Raises:
        ComparisonError: no stage learns by steps, so that there is nothing to search, or one fits
            the validation images, by which is chosen.
    """
    learning = [stage for stage in recipe.stage if stage.optimizer != "exact"]
    if not learning:
        raise ComparisonError(
            f'there is nothing to search in the recipe "{recipe.name}": its head is solved '
            "exactly, and its strength is chosen by that. Choose a recipe that learns by steps: "
            "--recipe frozen, --recipe staged"
        )
    if any(stage.fits_validation for stage in recipe.stage):
        raise ComparisonError(
            f'settings of the recipe "{recipe.name}" cannot be chosen by validation images, '
            'because strength = "cross-validation" fits them: set strength = "validation"'
        )
    head = recipe.head
    space: dict[str, Choice | Range] = {"head.pooling": _choice(_POOLINGS, head.pooling)}
    if len(learning) == len(recipe.stage):  # a head that is solved exactly has no hidden layers
        # Without hidden layers there would be nothing for another activation to do.
        dense = _DENSE if head.activation == "relu" else _DENSE[1:]
        space["head.dense"] = _choice(dense, str(list(head.dense)))
    if any(stage.dropout is None for stage in learning):
        space["head.dropout"] = Range(0.0, max(_MOST_DROPOUT, head.dropout))
    space["head.l2"] = _choice(_L2, repr(float(head.l2)))
    for number, stage in enumerate(recipe.stage, start=1):
        if stage.optimizer != "exact" and not stage.find_rate:
            space[f"stage.{number}.rate"] = Range(
                stage.rate / _RATE_FACTOR, min(stage.rate * _RATE_FACTOR, _HIGHEST_RATE), True
            )
    if _sees_views(recipe):
        space["views"] = _choice((*_FEWER_VIEWS, str(STORED_VIEWS)), str(recipe.views))
    return space


def own_values(recipe: Recipe, space: Space) -> dict[str, str | float]:
    """Return the recipe's own value of each setting that is searched."""
    own: dict[str, str | float] = {
        "head.pooling": recipe.head.pooling,
        "head.dense": str(list(recipe.head.dense)),
        "head.dropout": recipe.head.dropout,
        "head.l2": repr(float(recipe.head.l2)),
        "views": str(recipe.views),
    }
    own |= {f"stage.{number}.rate": one.rate for number, one in enumerate(recipe.stage, start=1)}
    return {key: own[key] for key in space}


def own_settings(recipe: Recipe) -> dict[str, str]:
    """Return the recipe's own settings as they are written after ``--set``: those of trial 0.

    Raises:
        ComparisonError: there is nothing to search.
    """
    recipe = settled(recipe)
    return with_values(recipe, own_values(recipe, search_space(recipe)))[1]


def with_values(recipe: Recipe, values: Values) -> tuple[Recipe, dict[str, str]]:
    """Return the recipe with these values, and the values as they are written after ``--set``.

    Numbers that the search drew are rounded to three digits, for those who read them.
    """
    own = own_values(recipe, dict.fromkeys(values, Choice(())))
    written = {
        key: value if isinstance(value, str) else _written(value, value == own[key])
        for key, value in values.items()
    }
    return override(recipe, [f"{key}={text}" for key, text in written.items()]), written


def in_words(space: Space) -> tuple[str, ...]:
    """Say what is searched, a setting a line."""
    return tuple(
        f"{key}: {', '.join(one.values)}"
        if isinstance(one, Choice)
        else f"{key}: {one.low:.2g} to {one.high:.2g}{', log scale' * one.logarithmic}"
        for key, one in space.items()
    )


def _sees_views(recipe: Recipe) -> bool:
    """True where some stage reads stored activations of augmented images as the recipe says."""
    return any(_reads_views(recipe, stage) for stage in recipe.stage)


def _reads_views(recipe: Recipe, stage: Stage) -> bool:
    augmentation = stage.augmentation or recipe.augmentation
    return (
        stage.optimizer != "exact"
        and stage.views in (None, "auto")
        and "block1" not in stage.train  # else nothing lies frozen below
        and not augmentation.changes_nothing
        and not augmentation.cutmix  # which needs the images themselves
    )


def _choice(values: tuple[str, ...], own: str) -> Choice:
    return Choice(values if own in values else (*values, own))


def _written(value: float, is_own: bool) -> str:
    return repr(value) if is_own else f"{value:.3g}"
