"""What must not be torn apart: byte-identical copies of a picture, and the pictures of a group."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vgg_transfer.images.image_set import Split

_GROUP = "group "  # no digest starts like this, so a key says what it is


@dataclass(frozen=True)
class Unsplit:
    """A picture before it has its split: digest, class name, and what is known already.

    `split` is what the source gives. `path` is what the manifest will say: it names the picture in
    messages and finds it in a split file without digests.
    """

    digest: str
    label: str
    group: str | None = None
    split: Split | None = None
    path: str = ""


def unit_keys(pictures: Sequence[Unsplit]) -> list[str]:
    """Return for each picture the key of the unit it belongs to.

    A unit is the copies of one picture, or a group. Groups that hold copies of one picture are one
    unit. The key is the digest, or is made from the group's name (of several the first).
    """
    parents: dict[str, str] = {}
    for picture in pictures:
        if picture.group is not None:
            _join(parents, picture.digest, _GROUP + picture.group)
    return [_root(parents, picture.digest) for picture in pictures]


def is_group(key: str) -> bool:
    """Return whether a unit is a group, and not only the copies of one picture."""
    return key.startswith(_GROUP)


def count_groups(keys: Iterable[str]) -> int:
    """Return how many different groups there are among these units."""
    return sum(is_group(key) for key in set(keys))


def _root(parents: dict[str, str], key: str) -> str:
    while (parent := parents.get(key, key)) != key:
        parents[key] = parents.get(parent, parent)  # half of the way is remembered
        key = parent
    return key


def _join(parents: dict[str, str], digest: str, group: str) -> None:
    one, other = _root(parents, digest), _root(parents, group)
    # A group leads a digest, and of two groups the one whose name comes first.
    leading, led = sorted((one, other), key=lambda key: (not is_group(key), key))
    parents[led] = leading
