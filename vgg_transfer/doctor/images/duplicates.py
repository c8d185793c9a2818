"""Pictures that are there twice: inside a split, in two splits, under two labels."""

from collections.abc import Iterator, Sequence

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.likeness import Pair
from vgg_transfer.doctor.images.naming import shown_pairs
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord, Split
from vgg_transfer.words import counted

COPIES = Entry(
    "copies",
    "note",
    "The same picture several times in one split",
    "What is there several times counts several times, in learning and in the number that is "
    "measured, and makes an interval narrower than it should be.",
    "Files of the same bytes, and pictures that look the same: their difference hashes are within "
    "10 of 64 bits, and at 32 x 32 pixels they differ by less than a quarter of their contrast "
    "(mirror images, gray and brighter copies too). Where there are features of the network they "
    "have to agree.",
)
FEW_LEAKS = Entry(
    "copies-across-splits",
    "warning",
    "A picture in two splits",
    "What was learnt from is recognised when it is tested, so the number flatters, by the share of "
    "such pictures at most.",
    "The pairs of `copies` whose splits differ, where they are less than 2% of val and of test.",
)
LEAKS = Entry(
    "leak",
    "error",
    "Many pictures of val or test are in train too",
    "A network that has seen the answers is tested on its memory: the number says nothing of new "
    "pictures.",
    "As `copies-across-splits`, where they are 2% of val or test, or more.",
)
TWO_LABELS = Entry(
    "copies-with-two-labels",
    "warning",
    "The same picture under two labels",
    "One of the labels is wrong; learnt from, it takes back what the other one teaches, and tested "
    "on, it can never be right.",
    "The pairs of `copies` whose classes differ. Files of the same bytes are `in-two-classes`, "
    "which every reading of the images says.",
)
_MANY = 0.02  # of a split


def copies(records: Sequence[ImageRecord], pairs: Sequence[Pair]) -> list[Pair]:
    """Return all pairs of the same picture: those that look the same, and those of the same bytes.

    Args:
        records: of all pictures.
        pairs: those that look the same; flat pictures are not among them.
    """
    first_of: dict[str, int] = {}
    exact = [
        Pair(first, place, 0.0)
        for place, record in enumerate(records)
        if (first := first_of.setdefault(record.digest, place)) != place
    ]
    known = {(pair.first, pair.second) for pair in pairs}
    return [*(one for one in exact if (one.first, one.second) not in known), *pairs]


def find_duplicates(
    records: Sequence[ImageRecord], class_names: Sequence[str], pairs: Sequence[Pair]
) -> Iterator[Finding]:
    """Yield what there is to say of pictures that are there twice.

    Args:
        records: of all pictures.
        class_names: by label.
        pairs: those of `copies`.
    """
    places = [(records[pair.first], records[pair.second]) for pair in pairs]
    two_labels = [
        (one, other)
        for one, other in places
        if one.label != other.label and one.digest != other.digest
    ]
    if two_labels:
        seen = f"{counted(len(two_labels), 'pair')} of pictures look the same and have two labels"
        shown = shown_pairs(two_labels, class_names)
        remedy = "look at each (`doctor DATA --sheet FILE.png`), and take the wrong one away"
        yield TWO_LABELS.found("images", f"{seen} ({shown})", remedy)
    yield from _across(records, class_names, places)
    inside = [
        (one, other)
        for one, other in places
        if (one.split, one.label) == (other.split, other.label)
    ]
    if inside:
        twice = {other.path for _, other in inside}
        be = "is" if len(twice) == 1 else "are"
        seen = f"{counted(len(twice), 'picture')} {be} in the split once more"
        shown = shown_pairs(inside, class_names)
        yield COPIES.found("images", f"{seen} ({shown})", "take the copies away: they count twice")


def _across(
    records: Sequence[ImageRecord],
    class_names: Sequence[str],
    places: Sequence[tuple[ImageRecord, ImageRecord]],
) -> Iterator[Finding]:
    """Yield what is in train and in a split that is measured on, and what is in val and test."""
    across = [(one, other) for one, other in places if one.split != other.split]
    if not across:
        return
    parts, largest = [], 0.0
    held_out: tuple[Split, ...] = ("val", "test")
    for split in held_out:
        size = sum(record.split == split for record in records)
        pair_splits = [(one, other) for one, other in across if "train" in (one.split, other.split)]
        leaked = {one.path for pair in pair_splits for one in pair if one.split == split}
        if leaked:
            largest = max(largest, len(leaked) / size)
            share = f"{in_points(len(leaked) / size)}%"
            parts.append(f"{len(leaked)} of {size} {split} pictures ({share}) are in train too")
    if not parts:
        parts.append(f"{counted(len(across), 'pair')} of pictures are in val and test")
    entry = LEAKS if largest >= _MANY else FEW_LEAKS
    seen = f"{', '.join(parts)} ({shown_pairs(across, class_names)})"
    remedy = "take them away from train, or keep them together with --group"
    yield entry.found("images", seen, remedy)
