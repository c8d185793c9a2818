"""WHAT TO DO: a training as one value, complete and checked before anything heavy is loaded.

``named("staged")`` or ``read(path)`` gives a recipe, ``override(recipe, ["stage.1.rate=1e-5"])``
changes it, ``to_toml(recipe)`` writes it down.
"""

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.files import from_toml, override, read, to_toml
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.model import Base, Recipe
from vgg_transfer.recipe.named import named, names
from vgg_transfer.recipe.stage import Stage, Stopping

__all__ = [
    "Augmentation",
    "Base",
    "Head",
    "Recipe",
    "Stage",
    "Stopping",
    "from_toml",
    "named",
    "names",
    "override",
    "read",
    "to_toml",
]
