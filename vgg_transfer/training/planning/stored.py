"""What the stores hold already of the images of a training, counted before it begins."""

from collections.abc import Callable
from functools import cache

from vgg_transfer.activations.files import names_stored
from vgg_transfer.activations.keys import Rendering, store_key
from vgg_transfer.images.image_set import Split
from vgg_transfer.network import at_size
from vgg_transfer.recipe import Augmentation
from vgg_transfer.training.context import Context

CountStored = Callable[[str, Augmentation, int, Split, int], int]


def counts_of_stored(context: Context) -> CountStored:
    """Return a function that counts the images of a split that a store holds.

    Its arguments are a cut, what makes the views, the images' size, the split and the view. What it
    says holds as long as no block below the cut has trained.

    Args:
        context: the training, with its cache.
    """

    @cache
    def names(cut: str, augmentation: Augmentation, size: int) -> frozenset[str]:
        if context.cache is None:
            return frozenset()
        key = store_key(at_size(context.network, size), cut, augmentation, context.int8)
        return names_stored(context.cache / key)

    @cache
    def count(cut: str, augmentation: Augmentation, size: int, split: Split, view: int) -> int:
        held = names(cut, augmentation, size)
        images = context.image_set.split(split)
        return sum(Rendering(one, view).name in held for one in images) if held else 0

    return count
