"""An image set is examined: one check after another, from what was measured once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vgg_transfer.doctor.images.classes import find_class_faults
from vgg_transfer.doctor.images.duplicates import copies, find_duplicates
from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.files import find_misnamed, find_nested, find_unreadable
from vgg_transfer.doctor.images.labels import Doubts, doubted_labels, find_wrong_labels
from vgg_transfer.doctor.images.likeness import Floats, Pair, like_pairs
from vgg_transfer.doctor.images.quality import find_poor_pictures, find_small_pictures
from vgg_transfer.doctor.images.shortcuts import find_shortcuts
from vgg_transfer.doctor.images.splits import find_bursts, find_different_splits
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageSet


@dataclass(frozen=True)
class Examined:
    """An image set with what was measured of it.

    Args:
        image_set: the images.
        facts: what was measured of each picture, in their order.
        features: the network's, one row for each picture; None leaves out what needs them: whether
            splits differ and labels are wrong. [default: None]
    """

    image_set: ImageSet
    facts: Sequence[PictureFacts | None]
    features: Floats | None = None

    @cached_property
    def pairs(self) -> list[Pair]:
        """The pairs of the same picture."""
        return copies(self.image_set.records, like_pairs(self.facts, self.features))

    @cached_property
    def doubts(self) -> Doubts:
        """The labels that may be wrong, without those of copies under two labels.

        There are none without features.
        """
        if self.features is None:
            return Doubts()
        records = self.image_set.records
        two = [one for one in self.pairs if records[one.first].label != records[one.second].label]
        known = {place for one in two for place in (one.first, one.second)}
        found = doubted_labels(records, self.features)
        return replace(found, doubts=tuple(one for one in found.doubts if one.place not in known))


def examine_images(examined: Examined, size: int) -> Iterator[Finding]:
    """Yield what is wrong with images, cheap checks first.

    What reading the images said itself (``image_set.findings``) is not said again.

    Args:
        examined: the images, and what was measured of them.
        size: the side at which the network reads them, in pixels.
    """
    images, facts = examined.image_set, examined.facts
    records, names = images.records, images.class_names
    yield from find_unreadable(images.skipped)
    yield from find_misnamed(records, names, facts)
    yield from find_nested(images)
    yield from find_class_faults(images.counts()["train"])
    yield from find_poor_pictures(records, names, facts)
    yield from find_small_pictures(records, names, size)
    yield from find_duplicates(records, names, examined.pairs)
    yield from find_bursts(records, names, facts)
    yield from find_shortcuts(records, facts)
    if examined.features is not None:
        yield from find_different_splits(records, examined.features)
        yield from find_wrong_labels(records, names, examined.doubts)
