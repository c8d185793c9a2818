"""One protocol for batches: what reads images and stored rows for a network.

On TensorFlow it is tf.data (``tfdata/``). On JAX threads read ahead, and each batch is made when
its number comes (``numbered/``): no TensorFlow has to be there, and none takes memory of the GPU.
Batches come in the same order, from the same files and seeds. What a seed draws for an augmentation
is the backend's own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol, cast

import keras

from vgg_transfer.images.batch_form import BatchForm, Encode, Picture
from vgg_transfer.images.flow import Flow
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.moments import BEGINNING, StageSeed, Start
from vgg_transfer.images.order import Sampling
from vgg_transfer.images.stored_rows import StoredRows
from vgg_transfer.recipe import Augmentation, Averaging, Recipe


class Batches(Protocol):
    """Batches in a fixed order, for a loop or Keras's ``fit``: each pass begins with the first."""

    def __iter__(self) -> Iterator[Any]:
        """Yield batch after batch."""

    def take(self, count: int) -> "Batches":
        """Return the first ones."""

    def repeat(self) -> "Batches":
        """Return them again and again, without end."""


class Feed(Protocol):
    """What makes batches of files and of stored rows."""

    def plain_batches(
        self, records: Sequence[Picture], form: BatchForm, is_mirrored: bool = False
    ) -> Batches:
        """Return float32 pixels 0..255, in the order given: unchanged, or left for right."""

    def validation_batches(
        self, records: Sequence[ImageRecord], form: BatchForm, encode: Encode
    ) -> Batches:
        """Return (pixels, target) of unchanged images in their own order."""

    def rendered_batches(
        self,
        records: Sequence[Picture],
        views: Sequence[int],
        augmentation: Augmentation,
        form: BatchForm,
    ) -> Batches:
        """Return images as stored views, in the order given; view 0 is the plain image.

        A view depends on its number and the image only: trainings with other seeds share it.
        """

    def training_batches(
        self,
        records: Sequence[ImageRecord],
        form: BatchForm,
        encode: Encode,
        augmentation: Augmentation,
        stage_seed: StageSeed,
        epochs: int,
        sampling: Sampling = "all",
        start: Start = BEGINNING,
    ) -> Batches:
        """Return (pixels, target) of all epochs of a stage, one after another.

        An epoch has ``steps_per_epoch`` batches and shows as many images as there are, newly
        augmented: each once, or every class equally often. An image that is repeated is changed in
        another way.
        """

    def held(self, rows: StoredRows) -> StoredRows:
        """Return the same rows, to be read from the device where it can keep all of them."""

    def stored_training_batches(
        self,
        rows: StoredRows,
        batch_size: int,
        encode: Encode,
        augmentation: Augmentation,
        stage_seed: StageSeed,
        epochs: int,
        sampling: Sampling = "all",
        start: Start = BEGINNING,
    ) -> Batches:
        """Return (rows, target) of all epochs of a stage, in the order of ``training_batches``."""

    def stored_validation_batches(
        self, rows: StoredRows, batch_size: int, encode: Encode
    ) -> Batches:
        """Return (rows, target) of all images, in their order."""

    def timed(self, batches: Any, waited: Callable[[float], None]) -> Batches:
        """Return the same batches; ``waited`` is told the seconds in which one was awaited."""

    def rendered(
        self, flow: Flow, recipe: Recipe, averaging: Averaging
    ) -> Iterable[tuple[Any, Any]]:
        """Return (numbers of pictures, float32 pixels 0..255).

        Args:
            flow: the pictures; is told which cannot be read, and why, while batches are drawn.
            recipe: gives size, resizing, batch size and augmentation.
            averaging: ``"none"`` renders each picture as it is; ``"flip"`` puts the mirror images
                of a batch behind it; a number of views puts them behind each picture, from whose
                digest they follow.
        """


def feed() -> Feed:
    """Return what makes batches for Keras's backend."""
    found: Any
    if keras.backend.backend() == "tensorflow":
        from vgg_transfer.images.tfdata import feed as found
    else:
        from vgg_transfer.images.numbered import feed as found
    return cast(Feed, found)
