"""WHAT TO DO: a training as one value, complete and checked before anything heavy is loaded.

``named("exact-first")``, ``read(path)`` or ``choose(name_or_file)`` gives a recipe,
``recipe.changed(size=96, stage_1={"rate": 1e-5})`` changes it, as ``override`` does for texts such
as ``stage.1.rate=1e-5``, and ``to_toml(recipe)`` writes it down. ``named_augmentation("strong")``
gives a set of changes to its images.
"""

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.averaging import Averaging, averaging_in_words, read_averaging
from vgg_transfer.recipe.catalogue.augmentation_registry import (
    augmentation_names,
    named_augmentation,
)
from vgg_transfer.recipe.catalogue.registry import named, names
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.settings import Base
from vgg_transfer.recipe.stage import Stage, Stopping
from vgg_transfer.recipe.toml import choose, from_toml, override, read, to_toml

__all__ = [
    "Augmentation",
    "Averaging",
    "Base",
    "Head",
    "Recipe",
    "Stage",
    "Stopping",
    "augmentation_names",
    "averaging_in_words",
    "choose",
    "from_toml",
    "named",
    "named_augmentation",
    "names",
    "override",
    "read",
    "read_averaging",
    "to_toml",
]
