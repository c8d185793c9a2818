"""Pictures with their labels as a training takes them, and what comes in their order."""

from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.doctor.scripts.values.pictures import Pictures, Step


@dataclass(frozen=True)
class Batches:
    """Pictures with their labels, as a training takes them.

    Args:
        pictures: the images.
        labels: their labels; None where there are none.
        line: where they were put together.
        kind: ``generator`` (Keras's ImageDataGenerator), ``dataset`` (tf.data) or ``arrays``.
        batch_size: images of a batch.
        shuffled: whether their order is random; None is unknown.
        shuffled_line: where that was decided.
        maker: where the ImageDataGenerator was made that makes them.
        dropping: where a last batch that is not full is left out; 0 where it is not.
    """

    pictures: Pictures
    labels: Labels | None
    line: int
    kind: str = "arrays"
    batch_size: Any = None
    shuffled: bool | None = None
    shuffled_line: int = 0
    maker: int = 0
    dropping: int = 0


@dataclass(eq=False)
class Generator:
    """An ImageDataGenerator: what it does to every image."""

    line: int
    steps: tuple[Step, ...] = ()
    augmented: int | None = 0
    settings: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model answered for data, in the order of the data."""

    asked: Any


@dataclass(frozen=True, eq=False)
class Ordered:
    """Labels or file names of data, in an order of their own."""

    batches: Batches
