"""All recipes that have a name, one line for each, and how to find one.

``vgg_transfer.recipes`` is this module: ``vt.recipes.exact_first(size=96)``. Every function
takes changes as ``recipe.changed`` takes them.
"""

# ruff: noqa: PLC0414 (a name imported as itself is handed on)

from collections.abc import Callable

from vgg_transfer.recipe.catalogue import publications
from vgg_transfer.recipe.catalogue.lookup import find, imported_builders
from vgg_transfer.recipe.recipe import Recipe

# One line for each, in the order in which they are listed; the default comes first.
# isort: off
from vgg_transfer.recipe.catalogue.schedules import exact_first as exact_first
from vgg_transfer.recipe.catalogue.schedules import small_images as small_images
from vgg_transfer.recipe.catalogue.schedules import staged as staged
from vgg_transfer.recipe.catalogue.schedules import frozen as frozen
from vgg_transfer.recipe.catalogue.schedules import gradual as gradual
from vgg_transfer.recipe.catalogue.schedules import full as full
from vgg_transfer.recipe.catalogue.schedules import probe as probe
from vgg_transfer.recipe.catalogue.schedules import scratch as scratch
from vgg_transfer.recipe.catalogue.fastai_finetune import fastai_finetune as fastai_finetune
from vgg_transfer.recipe.catalogue.keras_guide import keras_guide as keras_guide
from vgg_transfer.recipe.catalogue.texts_photos import pooled_head as pooled_head
from vgg_transfer.recipe.catalogue.texts_photos import (
    generator_augmentation as generator_augmentation,
)
from vgg_transfer.recipe.catalogue.texts_photos import last_layers as last_layers
from vgg_transfer.recipe.catalogue.texts_photos import dog_cat_frozen_noise as dog_cat_frozen_noise
from vgg_transfer.recipe.catalogue.texts_photos import dog_cat_everything as dog_cat_everything
from vgg_transfer.recipe.catalogue.texts_photos import dog_cat_augmented as dog_cat_augmented
from vgg_transfer.recipe.catalogue.texts_photos import plateau as plateau
from vgg_transfer.recipe.catalogue.texts_photos import plateau_sgd as plateau_sgd
from vgg_transfer.recipe.catalogue.texts_photos import plateau_rmsprop as plateau_rmsprop
from vgg_transfer.recipe.catalogue.texts_photos import streaming_weighted as streaming_weighted
from vgg_transfer.recipe.catalogue.texts_cifar import cifar_truncated as cifar_truncated
from vgg_transfer.recipe.catalogue.texts_cifar import cifar_augmented as cifar_augmented
from vgg_transfer.recipe.catalogue.texts_cifar import cifar_transfer as cifar_transfer
from vgg_transfer.recipe.catalogue.texts_cifar import cifar_batch_norm as cifar_batch_norm
from vgg_transfer.recipe.catalogue.texts_cifar import cifar_batch_norm_sgd as cifar_batch_norm_sgd
from vgg_transfer.recipe.catalogue.publications import (
    chollet_2016_bottleneck as chollet_2016_bottleneck,
)
from vgg_transfer.recipe.catalogue.publications import (
    chollet_2016_finetune as chollet_2016_finetune,
)
from vgg_transfer.recipe.catalogue.publications import dlwp1_features as dlwp1_features
from vgg_transfer.recipe.catalogue.publications import dlwp1_augmented as dlwp1_augmented
from vgg_transfer.recipe.catalogue.publications import dlwp1_finetune as dlwp1_finetune
from vgg_transfer.recipe.catalogue.publications import dlwp2_features as dlwp2_features
from vgg_transfer.recipe.catalogue.publications import dlwp2_augmented as dlwp2_augmented
from vgg_transfer.recipe.catalogue.publications import dlwp2_finetune as dlwp2_finetune
# isort: on

_BUILDERS: dict[str, Callable[..., Recipe]] = imported_builders(globals())


def names() -> tuple[str, ...]:
    """Return the names of all named recipes, the default first."""
    return tuple(_BUILDERS)


def published_names() -> tuple[str, ...]:
    """Return the names of the recipes that repeat a published result."""
    return tuple(name for name, one in _BUILDERS.items() if one.__module__ == publications.__name__)


def named(name: str) -> Recipe:
    """Return the recipe of that name.

    Args:
        name: one of ``names()``, such as ``"exact-first"``.

    Raises:
        RecipeError: there is no such recipe.
    """
    return _builder(name)()


def explanation(name: str) -> str:
    """Return what a recipe does, its command and what to expect of it."""
    told = (_builder(name).__doc__ or "").partition("Args:")[0]
    lines = told.splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _builder(name: str) -> Callable[..., Recipe]:
    return find(_BUILDERS, name, "recipe", "vgg-transfer recipes")
