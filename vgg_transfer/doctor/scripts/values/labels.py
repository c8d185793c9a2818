"""Labels of a script: their form, and where they begin."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Labels:
    """Labels.

    Args:
        origin: as of pictures.
        line: where their form was decided; 0 where nobody can say.
        form: ``onehot``, ``integers``, ``binary``, ``texts``, ``binarized`` (one-hot of more
            than two classes, else a column of 0 and 1), or empty where it is unknown.
        classes: how many classes there are.
        lowest: the smallest label, where it is a number.
        highest: the largest that is known to be among them.
        width: of one-hot labels, how many columns they have.
        ordered: the batches whose order they have, where a loop took them from there.
    """

    origin: Any
    line: int
    form: str = ""
    classes: int | None = None
    lowest: int | None = None
    highest: int | None = None
    width: int | None = None
    name: str = ""
    count: int | None = None
    ordered: Any = field(default=None, compare=False)


def numbered(mapping: Any, line: int) -> Labels | None:
    """Return the labels that a mapping of names to whole numbers gives; None for others."""
    if not isinstance(mapping, dict) or not mapping:
        return None
    if not all(type(one) is int for one in mapping.values()):
        return None
    values = set(mapping.values())
    return Labels(id(mapping), line, "integers", len(values), min(values), max(values))


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
        return Labels(id(values), 0, "integers", lowest=lowest, highest=max(values))
    return None


@dataclass(frozen=True)
class Encoder:
    """scikit-learn's LabelEncoder or OneHotEncoder: what becomes of labels."""

    form: str
