"""The pictures behind the findings: what would be left out or relabelled, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vgg_transfer.doctor.images.examine import Examined
from vgg_transfer.doctor.images.likeness import is_flat
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.images.fix_file import Action, Fix
from vgg_transfer.images.image_set import SPLITS, ImageRecord, ImageSet

_LEAVE_OUT: Action = "leave out"
_RELABEL: Action = "relabel"
_SURE = 0.9


@dataclass(frozen=True)
class Suspect:
    """A picture that would be left out or relabelled.

    Args:
        record: the picture.
        code: of the finding that it belongs to.
        why: in a phrase.
        label: the class that it would get; empty where it would be left out.
        sure: of this class, as a probability; 1 where it would be left out.
    """

    record: ImageRecord
    code: str
    why: str
    label: str = ""
    sure: float = 1.0


def suspects(examined: Examined) -> Iterator[Suspect]:
    """Yield the pictures that would be left out or relabelled; one may come several times.

    Of copies in two splits the one in train would go, or the one in val beside test; of copies in
    one split the later one; of copies under two labels both, since nobody knows which is right.
    Labels are proposed for train and val only.

    Args:
        examined: the images, and what was measured of them.
    """
    records, names = examined.image_set.records, examined.image_set.class_names
    for pair in examined.pairs:
        one, other = records[pair.first], records[pair.second]
        if one.label != other.label:
            yield Suspect(one, "copies-with-two-labels", f"is also in {names[other.label]}")
            yield Suspect(other, "copies-with-two-labels", f"is also in {names[one.label]}")
        elif one.split == other.split:
            yield Suspect(other, "copies", f"the same as {one.path.name}")
        else:
            learnt, held = sorted((one, other), key=lambda record: SPLITS.index(record.split))
            yield Suspect(learnt, "copies-across-splits", f"is also in {held.split}")
    for record, facts in zip(records, examined.facts, strict=True):
        if facts is not None and is_flat(facts):
            yield Suspect(record, "blank-pictures", "is of one colour")
    for doubt in examined.doubts.doubts:
        proposed, record = names[doubt.proposed], records[doubt.place]
        sure = f"{in_points(doubt.proposed_probability)}% {proposed}"
        own = f"{in_points(doubt.given_probability)}% {names[record.label]}"
        yield Suspect(
            record, "doubted-labels", f"{sure}, {own}", proposed, doubt.proposed_probability
        )


def fixes_of(image_set: ImageSet, suspected: Sequence[Suspect]) -> tuple[Fix, ...]:
    """Return what would be done with suspects, each picture once: leaving out wins.

    A label is given where the head has 90% for it: below, too many hard ones would be changed.

    Args:
        image_set: the images that they belong to.
        suspected: the pictures, some of them several times.
    """
    rows = image_set.manifest_rows()[1:]
    path_of = {one.path: row[0] for one, row in zip(image_set.records, rows, strict=True)}
    chosen: dict[str, Fix] = {}
    sure = (one for one in suspected if one.sure >= _SURE)
    for one in sorted(sure, key=lambda one: bool(one.label)):  # those to be left out come first
        path, action = path_of[one.record.path], _RELABEL if one.label else _LEAVE_OUT
        chosen.setdefault(path, Fix(path, one.record.digest, action, one.label, one.why))
    return tuple(chosen.values())
