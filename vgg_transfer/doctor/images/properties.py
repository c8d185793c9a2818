"""What is known of a picture beside what it shows: as numbers that a classifier can be given."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.images.image_set import ImageRecord

FRAME = "a frame of one colour"
_FLAT = 4.0  # gray levels: no channel of a frame deviates more; the borders of photographs do
_NONE = -1.0
_MOST_TEXTS = 20

Both = tuple[ImageRecord, PictureFacts]


def of_files(pictures: Sequence[Both]) -> dict[str, Floats]:
    """Return what says nothing of what is shown, by name: one row for each picture."""
    headers = [facts.header for _, facts in pictures]
    return _varied(
        {
            "width and height": _rows(pictures, _dimensions),
            "the file format": _codes([f"{one.format} {one.mode}" for one in headers]),
            "the JPEG quality": np.array([[one.quantization] for one in headers]),
            "the camera": _codes([one.camera for one in headers]),
            "the time it was taken": np.array([_time(one.taken) for one in headers]),
            FRAME: _rows(pictures, lambda _, facts: _frame(facts)),
        }
    )


def of_pixels(pictures: Sequence[Both]) -> dict[str, Floats]:
    """Return what may come from what is shown or from how it was made, by name."""
    return _varied(
        {
            "the file size": _rows(pictures, lambda record, facts: [_bytes(record, facts)]),
            "the mean colour": _rows(pictures, lambda _, facts: facts.small.mean(axis=(0, 1))),
            "the colour of the border": _rows(pictures, lambda _, facts: facts.border.mean(axis=0)),
            "brightness and contrast": _rows(pictures, _light),
            "sharpness": _rows(pictures, lambda _, facts: [facts.sharpness]),
        }
    )


def _rows(
    pictures: Sequence[Both], measure: Callable[[ImageRecord, PictureFacts], Sequence[float]]
) -> Floats:
    return np.array([measure(record, facts) for record, facts in pictures], np.float64)


def _varied(properties: dict[str, Floats]) -> dict[str, Floats]:
    """Return those that are not the same for all."""
    return {name: rows for name, rows in properties.items() if len(rows) and np.ptp(rows, 0).any()}


def _dimensions(record: ImageRecord, _: PictureFacts) -> Sequence[float]:
    return record.width, record.height, record.width / record.height


def _bytes(record: ImageRecord, facts: PictureFacts) -> float:
    return facts.bytes / (record.width * record.height)


def _light(_: ImageRecord, facts: PictureFacts) -> Sequence[float]:
    return float(facts.gray.mean()), float(facts.gray.std())


def _frame(facts: PictureFacts) -> Sequence[float]:
    """Return the colour of a frame: the outermost pixels, where they have one colour."""
    border = facts.border
    return list(border.mean(axis=0)) if border.std(axis=0).max() <= _FLAT else [_NONE] * 3


def _codes(texts: Sequence[str]) -> Floats:
    """Return a number for each text: the most frequent ones are told apart, no text is -1."""
    frequent = Counter(filter(None, texts)).most_common(_MOST_TEXTS)
    codes = {text: float(code) for code, (text, _) in enumerate(frequent)}
    return np.array([[codes.get(text, float(_MOST_TEXTS)) if text else _NONE] for text in texts])


def _time(taken: str) -> Sequence[float]:
    """Return the day, and the hour of the day."""
    try:
        when = datetime.strptime(taken[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return _NONE, _NONE
    return float(when.toordinal()), when.hour + when.minute / 60
