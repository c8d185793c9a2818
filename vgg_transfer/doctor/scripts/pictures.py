"""Pictures and labels of a script: where they come from, and what was done to them."""

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Step:
    """Something that was done to pixels.

    Args:
        kind: ``times`` (by ``amount``), ``plus`` (``amount``), ``preprocess`` (of ``module``),
            ``standardize`` or ``other``.
        line: where.
    """

    kind: str
    line: int
    amount: float | None = None
    module: str = ""

    @property
    def same(self) -> tuple[Any, ...]:
        """What it does, wherever it stands."""
        amount = None if self.amount is None else float(f"{self.amount:.2g}")
        return (self.kind, amount, self.module)


@dataclass(frozen=True)
class Pictures:
    """Images.

    Args:
        origin: two that have the same one are the same images: a key of any kind.
        line: where they came from.
        known: whether they start as pixels from 0 to 255.
        split: ``train``, ``val`` or ``test`` where their source says it.
        name: what the script calls them.
        steps: what was done to the pixels, in order.
        augmented: where they are changed at random, 0 where they are not; None is unknown.
        size: their side in pixels.
        count: how many there are.
    """

    origin: Any
    line: int
    known: bool = False
    split: str = ""
    name: str = ""
    steps: tuple[Step, ...] = ()
    augmented: int | None = 0
    size: int | None = None
    count: int | None = None

    def done(self, step: Step) -> "Pictures":
        """Return them with something done to their pixels."""
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True)
class Labels:
    """Labels.

    Args:
        origin: as of pictures.
        line: where their form was decided; 0 where nobody can say.
        form: ``onehot``, ``integers``, ``binary``, ``texts``, or empty where it is unknown.
        classes: how many classes there are.
        lowest: the smallest label, where it is a number.
        width: of one-hot labels, how many columns they have.
        ordered: the batches whose order they have, where a loop took them from there.
    """

    origin: Any
    line: int
    form: str = ""
    classes: int | None = None
    lowest: int | None = None
    width: int | None = None
    name: str = ""
    count: int | None = None
    ordered: "Batches | None" = field(default=None, compare=False)


def numbered(mapping: Any, line: int) -> Labels | None:
    """Return the labels that a mapping of names to whole numbers gives; None for others."""
    if not isinstance(mapping, dict) or not mapping:
        return None
    if not all(type(one) is int for one in mapping.values()):
        return None
    values = set(mapping.values())
    return Labels(id(mapping), line, "integers", len(values), min(values))


def labels_in(values: Any) -> Labels | None:
    """Return the labels that a list holds, where they are numbers or texts; None for others.

    How many classes there are is not known of a list: loops over unknown things are read once.
    """
    if not isinstance(values, list | tuple) or not values:
        return None
    if all(isinstance(one, str) for one in values):
        return Labels(id(values), 0, "texts")
    if all(type(one) is int for one in values):
        lowest = min(values) if len(set(values)) > 1 else None
        return Labels(id(values), 0, "integers", lowest=lowest)
    return None


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
    """

    pictures: Pictures
    labels: Labels | None
    line: int
    kind: str = "arrays"
    batch_size: Any = None
    shuffled: bool | None = None
    shuffled_line: int = 0
    maker: int = 0


@dataclass(eq=False)
class Generator:
    """An ImageDataGenerator: what it does to every image."""

    line: int
    steps: tuple[Step, ...] = ()
    augmented: int | None = 0
    settings: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def state_of(start: str, steps: tuple[Step, ...]) -> str:
    """Return what pixels have become: ``raw``, ``unit``, ``signed``, ``bgr``, ``torch``, ...

    ``unknown`` where that cannot be said.
    """
    low, high, state = 0.0, 255.0, start
    for step in steps:
        if state not in ("raw", "unit", "signed", "range"):
            state = "raw" if step.kind == "other" and state == "raw" else "unknown"
        elif step.kind == "preprocess":
            state = step.module if state == "raw" else "unknown"
            if step.module == "signed" and state == "signed":
                low, high = -1.0, 1.0
            continue
        elif step.kind in ("times", "plus") and step.amount is not None:
            factor, shift = (step.amount, 0.0) if step.kind == "times" else (1.0, step.amount)
            low, high = low * factor + shift, high * factor + shift
            state = _range(low, high)
        else:
            state = "standardized" if step.kind == "standardize" else "unknown"
    return state


def _range(low: float, high: float) -> str:
    if abs(low) < 0.02 and 0.9 < high < 1.1:
        return "unit"
    if -1.1 < low < -0.9 and 0.9 < high < 1.1:
        return "signed"
    if abs(low) < 1e-9 and abs(high - 255) < 2:
        return "raw"
    return "range"


@dataclass(frozen=True)
class Encoder:
    """scikit-learn's LabelEncoder or OneHotEncoder: what becomes of labels."""

    form: str


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model answered for data, in the order of the data."""

    asked: Any


@dataclass(frozen=True, eq=False)
class Ordered:
    """Labels or file names of data, in an order of their own."""

    batches: Batches
