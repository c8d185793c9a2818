"""Classes: how many pictures each has, and whether two of them are one."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted, listed, printable

IMBALANCE = Entry(
    "imbalance",
    "warning",
    "Some classes have many more pictures than others",
    "The network is right most often by answering with the common classes, and neglects the rare "
    "ones; accuracy does not show it.",
    "The numbers of pictures in train: the largest class has three times as many as the smallest.",
)
TINY_CLASS = Entry(
    "tiny-class",
    "warning",
    "A class with very few pictures",
    "So few pictures are remembered one by one, and the class is not recognised in new ones.",
    "Fewer than 10 pictures in train.",
)
TWINS = Entry(
    "twin-classes",
    "warning",
    "Two classes whose names differ in writing only",
    "Most likely they are one class that was split by accident: the network is asked to tell apart "
    "what is the same.",
    "Names that are the same without capitals, spaces, signs and a final s.",
)
_UNEVEN, _FEWEST = 3.0, 10


def find_class_faults(train: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what is wrong with classes as a whole.

    Args:
        train: the number of pictures of each class in train.
    """
    yield from _twins(list(train))
    tiny = [f"{name} ({number})" for name, number in train.items() if number < _FEWEST]
    if tiny:
        seen = f"{counted(len(tiny), 'class')} with fewer than {_FEWEST} train pictures: "
        yield TINY_CLASS.found("images", seen + listed(tiny), "add pictures, or leave it out")
    if not train or not min(train.values()):
        return
    fewest, most = min(train, key=lambda name: train[name]), max(train, key=lambda n: train[n])
    if train[most] >= _UNEVEN * train[fewest]:
        seen = (
            f'"{printable(most)}" has {train[most]} train pictures and "{printable(fewest)}" '
            f"{train[fewest]}, {train[most] / train[fewest]:.1f} times fewer"
        )
        yield IMBALANCE.found("images", seen, "--set class_weights=balanced")


def _twins(names: Sequence[str]) -> Iterator[Finding]:
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        bare = re.sub(r"[\W_]", "", name.casefold())
        one = bare.removesuffix("s")
        alike[bare if one.isdigit() else one].append(name)  # "1" and "1s" are hardly the same
    twins = [both for bare, both in alike.items() if bare and len(both) > 1]
    if twins:
        pairs = [" and ".join(f'"{printable(name)}"' for name in both) for both in twins]
        seen = f"classes with nearly the same name: {listed(pairs, quoted=False)}"
        yield TWINS.found("images", seen, "put their pictures into one folder, if they are one")
