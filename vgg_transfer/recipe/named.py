"""All recipes that have a name, and how to find one."""

from collections.abc import Callable

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.recipe import cifar_seeds, published, schedules, seeds
from vgg_transfer.recipe.model import Recipe

_BUILDERS: tuple[Callable[[], Recipe], ...] = (
    schedules.staged,
    schedules.frozen,
    schedules.gradual,
    schedules.full,
    schedules.probe,
    schedules.scratch,
    seeds.pooled_head,
    seeds.generator_augmentation,
    seeds.last_layers,
    seeds.dog_cat_frozen_noise,
    seeds.dog_cat_everything,
    seeds.dog_cat_augmented,
    seeds.plateau,
    seeds.plateau_sgd,
    seeds.plateau_rmsprop,
    seeds.streaming_weighted,
    cifar_seeds.cifar_truncated,
    cifar_seeds.cifar_augmented,
    cifar_seeds.cifar_transfer,
    cifar_seeds.cifar_batch_norm,
    cifar_seeds.cifar_batch_norm_sgd,
    *published.BUILDERS,
)


def names() -> tuple[str, ...]:
    """Return the names of all named recipes, the default first."""
    return tuple(_name_of(builder) for builder in _BUILDERS)


def published_names() -> tuple[str, ...]:
    """Return the names of the recipes that repeat a published result."""
    return tuple(_name_of(builder) for builder in published.BUILDERS)


def named(name: str) -> Recipe:
    """Return the recipe of that name."""
    return _builder(name)()


def explanation(name: str) -> str:
    """Return what a recipe does, its command and what to expect of it."""
    lines = (_builder(name).__doc__ or "").splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _builder(name: str) -> Callable[[], Recipe]:
    for builder in _BUILDERS:
        if _name_of(builder) == name:
            return builder
    raise RecipeError(
        f'no recipe is called "{name}".{did_you_mean(name, names())} '
        "See them all with: vgg-transfer recipes"
    )


def _name_of(builder: Callable[[], Recipe]) -> str:
    return builder.__name__.replace("_", "-")
