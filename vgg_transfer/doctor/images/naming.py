"""How pictures are named in findings: by split, class and file, a few of many."""

from collections.abc import Sequence

from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.words import printable

_SHOWN = 3


def shown(records: Sequence[ImageRecord], class_names: Sequence[str]) -> str:
    """Return ``"train/cats/1.jpg", "train/cats/2.jpg" and 3 more``."""
    return _few([f'"{_name(record, class_names)}"' for record in records])


def shown_pairs(
    pairs: Sequence[tuple[ImageRecord, ImageRecord]], class_names: Sequence[str]
) -> str:
    """Return ``"train/cats/1.jpg" and "test/cats/2.jpg"; … and 3 more``."""
    names = [tuple(_name(record, class_names) for record in pair) for pair in pairs]
    return _few([f'"{one}" and "{other}"' for one, other in names], "; ")


def _few(texts: Sequence[str], between: str = ", ") -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return between.join(texts[:_SHOWN]) + more


def _name(record: ImageRecord, class_names: Sequence[str]) -> str:
    return printable(f"{record.split}/{class_names[record.label]}/{record.path.name}")
