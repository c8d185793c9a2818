"""Pictures that show little: blank, dark, blurred, or smaller than what the network reads."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

import numpy as np

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.likeness import is_flat
from vgg_transfer.doctor.images.naming import shown
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.words import counted

BLANK = Entry(
    "blank-pictures",
    "warning",
    "Pictures of one colour",
    "There is nothing in them to learn; the network learns their label from an empty page.",
    "The gray levels of the picture at 32 x 32 pixels deviate by less than 6 of 255.",
)
DARK = Entry(
    "dark-pictures",
    "note",
    "Pictures that are nearly black",
    "What cannot be seen is guessed; some may be faults of a camera.",
    "19 of 20 pixels at 32 x 32 are darker than 40 of 255.",
)
BLURRED = Entry(
    "blurred-pictures",
    "note",
    "Pictures without sharp edges",
    "They teach that the class is a blur, where others of it are sharp.",
    "The variance of the Laplacian at 128 pixels of the longer side is below 5, and below a tenth "
    "of what is usual in these pictures.",
)
SMALL = Entry(
    "small-pictures",
    "note",
    "Pictures much smaller than the network reads them",
    "They are blown up to a blur: beside larger ones they look like another kind, and if all are "
    "so small, most of the computing is spent on nothing.",
    "The shorter side is less than half of the recipe's size.",
)
_DARKEST = 40.0
_BLURRED, _SHARE_OF_USUAL = 5.0, 0.1


def find_poor_pictures(
    records: Sequence[ImageRecord],
    class_names: Sequence[str],
    facts: Sequence[PictureFacts | None],
) -> Iterator[Finding]:
    """Yield which pictures are blank, dark or blurred; each is named once.

    Args:
        records: of all pictures.
        class_names: by label.
        facts: what was measured of each.
    """
    there = [(record, one) for record, one in zip(records, facts, strict=True) if one is not None]
    usual = median(one.sharpness for _, one in there) if there else 0.0

    def is_blurred(one: PictureFacts) -> bool:
        return one.sharpness < min(_BLURRED, _SHARE_OF_USUAL * usual)

    kinds: tuple[tuple[Entry, Callable[[PictureFacts], bool], str], ...] = (
        (BLANK, is_flat, "of one colour"),
        (DARK, _is_dark, "nearly black"),
        (BLURRED, is_blurred, "without sharp edges"),
    )
    for entry, is_so, words in kinds:
        poor = [record for record, one in there if is_so(one)]
        there = [(record, one) for record, one in there if not is_so(one)]
        if poor:
            seen = f"{_are(len(poor))} {words} ({shown(poor, class_names)})"
            yield entry.found("images", seen, "look at them, and leave out what shows nothing")


def find_small_pictures(
    records: Sequence[ImageRecord], class_names: Sequence[str], size: int
) -> Iterator[Finding]:
    """Yield whether pictures are much smaller than the network reads them.

    Args:
        records: of all pictures.
        class_names: by label.
        size: the side at which they are read, in pixels.
    """
    small = [record for record in records if min(record.width, record.height) < size / 2]
    if not small:
        return
    sides = sorted(min(record.width, record.height) for record in small)
    remedy = "leave out those that show nothing any more"
    if len(small) > len(records) / 2:
        remedy = f"a smaller size costs less and loses little: --size {max(32, sides[-1])}"
    seen = (
        f"{_are(len(small))} less than {size / 2:g} pixels wide or high, and read at {size} "
        f"({sides[0]} to {sides[-1]}: {shown(small, class_names)})"
    )
    yield SMALL.found("images", seen, remedy)


def _is_dark(one: PictureFacts) -> bool:
    return bool(np.percentile(one.gray, 95) < _DARKEST)


def _are(number: int) -> str:
    return f"{counted(number, 'picture')} {'is' if number == 1 else 'are'}"
