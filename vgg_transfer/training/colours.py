"""The colours of the training images, by which ``preprocess = "standardize"`` scales pixels."""

from collections.abc import Iterator
from typing import Any

from vgg_transfer.events import Listener, PassBegan, Said, Stepped
from vgg_transfer.images.batch_form import BatchForm, steps_per_epoch
from vgg_transfer.images.channels import measure_channels
from vgg_transfer.images.feed import feed
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.tfdata.failures import own_errors
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Channels
from vgg_transfer.words import counted


def measure_colours(recipe: Recipe, image_set: ImageSet, listen: Listener) -> Channels:
    """Return mean and deviation of each colour over the plain training images (pixels 0..255)."""
    records = image_set.split("train")
    shape = BatchForm(recipe.size, recipe.resize, recipe.batch_size)
    listen(
        PassBegan(
            f"measures the colours of {counted(len(records), 'training image', ',')}",
            steps_per_epoch(len(records), shape.batch_size),
        )
    )

    def batches() -> Iterator[Any]:
        for batch in feed().plain_batches(records, shape):
            yield batch
            listen(Stepped())

    with own_errors():
        channels = measure_channels(batches())
    pairs = zip(("red", "green", "blue"), channels.mean, channels.deviation, strict=True)
    found = ", ".join(f"{name} {mean:.1f} ± {deviation:.1f}" for name, mean, deviation in pairs)
    listen(Said(f"standardizes pixels by the training images: {found}"))
    return channels
