"""The pictures behind the findings: what would be left out or relabelled, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from vgg_transfer.doctor.images.examine import Examined
from vgg_transfer.doctor.images.likeness import is_flat
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.images.image_set import ImageRecord


@dataclass(frozen=True)
class Suspect:
    """A picture that would be left out or relabelled.

    Args:
        record: the picture.
        code: of the finding that it belongs to.
        why: in a phrase.
        label: the class that it would get; empty where it would be left out.
    """

    record: ImageRecord
    code: str
    why: str
    label: str = ""


def suspects(examined: Examined) -> Iterator[Suspect]:
    """Yield the pictures that would be left out or relabelled; one may come several times.

    Of copies in train and in a split that is measured on, the one in train would go; of copies in
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
            learnt, held = (one, other) if one.split == "train" else (other, one)
            yield Suspect(learnt, "copies-across-splits", f"is also in {held.split}")
    for record, facts in zip(records, examined.facts, strict=True):
        if facts is not None and is_flat(facts):
            yield Suspect(record, "blank-pictures", "is of one colour")
    for doubt in examined.doubts.doubts:
        proposed, record = names[doubt.proposed], records[doubt.place]
        sure = f"{in_points(doubt.proposed_probability)}% {proposed}"
        own = f"{in_points(doubt.given_probability)}% {names[record.label]}"
        yield Suspect(record, "doubted-labels", f"{sure}, {own}", proposed)
