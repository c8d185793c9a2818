"""All recipes that have a name, and how to find one."""

from collections.abc import Callable

from vgg_transfer.errors import RecipeError, did_you_mean
from vgg_transfer.recipe.catalogue import publications, schedules, texts_cifar, texts_photos
from vgg_transfer.recipe.recipe import Recipe

_BUILDERS: tuple[Callable[[], Recipe], ...] = (
    schedules.staged,
    schedules.frozen,
    schedules.gradual,
    schedules.full,
    schedules.probe,
    schedules.scratch,
    texts_photos.pooled_head,
    texts_photos.generator_augmentation,
    texts_photos.last_layers,
    texts_photos.dog_cat_frozen_noise,
    texts_photos.dog_cat_everything,
    texts_photos.dog_cat_augmented,
    texts_photos.plateau,
    texts_photos.plateau_sgd,
    texts_photos.plateau_rmsprop,
    texts_photos.streaming_weighted,
    texts_cifar.cifar_truncated,
    texts_cifar.cifar_augmented,
    texts_cifar.cifar_transfer,
    texts_cifar.cifar_batch_norm,
    texts_cifar.cifar_batch_norm_sgd,
    *publications.BUILDERS,
)


def names() -> tuple[str, ...]:
    """Return the names of all named recipes, the default first."""
    return tuple(_name_of(builder) for builder in _BUILDERS)


def published_names() -> tuple[str, ...]:
    """Return the names of the recipes that repeat a published result."""
    return tuple(_name_of(builder) for builder in publications.BUILDERS)


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
