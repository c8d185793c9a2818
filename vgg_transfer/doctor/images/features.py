"""What the network makes of pictures: the pooled output of its base, one row for each."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.reading import stored_batches
from vgg_transfer.events import Listener
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.network import build_network, resolve_weights
from vgg_transfer.recipe import Augmentation, Recipe
from vgg_transfer.training.devices import choose_device


def pooled_features(
    recipe: Recipe, image_set: ImageSet, cache: Path, listen: Listener
) -> NDArray[np.float32] | None:
    """Return a row of features for every image, in their order; None where the base is random.

    They come from the stores at the head's cut, so that a training of the recipe finds them there.

    Args:
        recipe: says which base, at which size; its stages do not matter.
        image_set: the images, those of all splits.
        cache: the folder of all stores.
        listen: hears what happens.

    Raises:
        NoRoom: the stores have no room.
        WeightsError: the weights of the base cannot be had.
    """
    weights = resolve_weights(recipe.base.weights, recipe.base.architecture)
    if weights is None or recipe.preprocess == "standardize":
        return None
    device = choose_device(recipe.precision, cache)
    classes = max(2, len(image_set.class_names))
    network = build_network(recipe, classes, weights, 0, device.policy)
    form = BatchForm(recipe.size, recipe.resize, recipe.batch_size)
    renderings = [Rendering(record, 0) for record in image_set.records]
    request = FillRequest(renderings, ("head",), Augmentation(), form)
    store, _ = fill(network, request, cache, listen)
    try:
        batches = stored_batches(store, renderings, form.batch_size)
        rows = [np.asarray(batch, np.float32).mean(axis=(1, 2)) for batch in batches]
    finally:
        store.close()
    return np.concatenate(rows)
