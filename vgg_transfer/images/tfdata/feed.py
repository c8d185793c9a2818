"""All batches that tf.data makes, as ``images.feed`` names them."""

from vgg_transfer.images.tfdata.batches import (
    plain_batches,
    rendered_batches,
    training_batches,
    validation_batches,
)
from vgg_transfer.images.tfdata.pictures import rendered
from vgg_transfer.images.tfdata.stored import (
    held,
    stored_training_batches,
    stored_validation_batches,
    timed,
)

__all__ = [
    "held",
    "plain_batches",
    "rendered",
    "rendered_batches",
    "stored_training_batches",
    "stored_validation_batches",
    "timed",
    "training_batches",
    "validation_batches",
]
