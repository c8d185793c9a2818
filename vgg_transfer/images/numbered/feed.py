"""All batches by number, as ``images.feed`` names them."""

from vgg_transfer.images.numbered.batches import (
    plain_batches,
    rendered_batches,
    stored_training_batches,
    stored_validation_batches,
    timed,
    training_batches,
    validation_batches,
)
from vgg_transfer.images.numbered.holding import held
from vgg_transfer.images.numbered.pictures import rendered

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
