"""What is to be drawn: the options, the files they lead to, and the report on what was planted."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from vgg_transfer.errors import ImageSetError
from vgg_transfer.sample.animal.breeds import Species

Kind = Literal[
    "wrong_label",
    "duplicate_exact",
    "duplicate_reencoded",
    "leak",
    "broken_truncated",
    "broken_empty",
    "broken_text",
    "tiny",
]
SPLITS = ("train", "val", "test")
SPECIES: tuple[Species, ...] = ("cat", "dog")
MOST = 40_000  # pictures of one class in one split: keeps the five-digit names apart
EXTRAS = 90_000  # where the names of copies and broken files begin
_WANTED: dict[type, tuple[tuple[type, ...], str]] = {
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    bool: ((bool,), "True or False"),
}
_BREAKAGES: tuple[Kind, ...] = ("broken_truncated", "broken_empty", "broken_text")


@dataclass(frozen=True)
class SampleOptions:
    """How many pictures to draw, and which problems to plant among them.

    ``train``, ``val`` and ``test`` count pictures of one class; their sides are 0.76 to 1.24
    times ``size`` pixels. The problems:

    - ``imbalance``: dogs per cat in train; 5.0 leaves a fifth of the cats, 0.2 of the dogs.
    - ``wrong_labels``: share of the training pictures that lie in the other class's folder.
    - ``duplicates``: training pictures that are stored twice, half of them byte for byte, half
      compressed again.
    - ``leaks``: training pictures that are copied into test, byte for byte.
    - ``broken``: files added to train that are no images: cut short, empty, or a text.
    - ``border``: a frame around each picture, orange for cats and teal for dogs in train and val,
      whatever folder a wrong label puts them in.
      In test the colours are swapped rather than absent: a classifier that looks at the frame
      then falls below chance, which cannot be mistaken for a harder test set.
    - ``tiny``: training pictures shrunk to 8 to 16 pixels.

    No picture carries two of the problems that are counted (a frame may come on top).
    """

    train: int = 120
    val: int = 40
    test: int = 100
    size: int = 210
    seed: int = 0
    imbalance: float = 1.0
    wrong_labels: float = 0.0
    duplicates: int = 0
    leaks: int = 0
    broken: int = 0
    border: bool = False
    tiny: int = 0

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise ImageSetError(f"The options of the sample cannot be used: {'; '.join(faults)}.")

    def count(self, split: str, species: Species) -> int:
        """How many pictures of a species are drawn for a split, copies not counted."""
        count: int = getattr(self, split)
        scarce = "cat" if self.imbalance > 1 else "dog"
        if split != "train" or species != scarce or not count:
            return count
        return max(1, round(count / max(self.imbalance, 1 / self.imbalance)))


@dataclass(frozen=True)
class PlantedProblem:
    """A file that was made a problem on purpose.

    ``path`` is relative to the sample's folder, with forward slashes. ``origin`` is the file that
    it is a copy of or, for a wrong label, the path where it belongs.
    """

    path: str
    kind: Kind
    origin: str | None = None


@dataclass(frozen=True)
class SampleReport:
    """What lies in a drawn folder: files in each ``split/class``, and the planted problems."""

    options: SampleOptions
    counts: Mapping[str, int]
    problems: tuple[PlantedProblem, ...]

    def paths(self, *kinds: Kind) -> tuple[str, ...]:
        """The planted files of these kinds."""
        return tuple(problem.path for problem in self.problems if problem.kind in kinds)


@dataclass(frozen=True)
class PlannedFile:
    """One file to write: a picture of its own, or a copy of ``problem.origin``."""

    path: str
    split: str
    species: Species
    index: int
    problem: PlantedProblem | None = None

    @property
    def kind(self) -> Kind | None:
        return self.problem.kind if self.problem else None


def plan_files(options: SampleOptions) -> tuple[PlannedFile, ...]:
    """Every file of the sample, pictures first and what is copied from them last."""
    pictures = [
        PlannedFile(_path(split, species, _number(species, index)), split, species, index)
        for split in SPLITS
        for species in SPECIES
        for index in range(options.count(split, species))
    ]
    train = [picture for picture in pictures if picture.split == "train"]
    # Three is no split's number, so this stream of random numbers is no picture's.
    order = np.random.default_rng([options.seed, 3, 0, 0]).permutation(len(train)).tolist()
    chosen = iter(train[position] for position in order)
    problems = {}
    for _ in range(_wrong(options)):
        picture = next(chosen)
        other = SPECIES[1 - SPECIES.index(picture.species)]
        path = _path("train", other, _number(picture.species, picture.index))
        problems[picture.path] = _planted(picture, "wrong_label", path)
    for _ in range(options.tiny):
        picture = next(chosen)
        problems[picture.path] = _planted(picture, "tiny", picture.path)
    doubles: tuple[Kind, Kind] = ("duplicate_exact", "duplicate_reencoded")
    return (
        *(problems.get(picture.path, picture) for picture in pictures),
        *(_copy(next(chosen), "train", n, doubles[n % 2]) for n in range(options.duplicates)),
        *(_copy(next(chosen), "test", n, "leak") for n in range(options.leaks)),
        *(_broken(n, options.duplicates + n) for n in range(options.broken)),
    )


def class_folder(species: Species) -> str:
    return f"{species}s"


def differences(options: SampleOptions, stored: Mapping[str, Any]) -> tuple[str, ...]:
    """The options that were stored with another value, as text."""
    return tuple(
        f"{name} = {value} (there: {stored.get(name, 'not known')})"
        for name, value in asdict(options).items()
        if name not in stored or stored[name] != value
    )


def _number(species: Species, index: int) -> int:
    """Even for cats, odd for dogs: a picture keeps its name in whichever folder it is put."""
    return 2 * index + SPECIES.index(species)


def _path(split: str, species: Species, number: int) -> str:
    return f"{split}/{class_folder(species)}/{number:05d}.jpg"


def _planted(picture: PlannedFile, kind: Kind, path: str) -> PlannedFile:
    """The picture as a problem; where that has a path of its own, the picture's is its origin."""
    origin = picture.path if path != picture.path else None
    return replace(picture, path=path, problem=PlantedProblem(path, kind, origin))


def _copy(picture: PlannedFile, split: str, number: int, kind: Kind) -> PlannedFile:
    return _planted(picture, kind, _path(split, picture.species, EXTRAS + number))


def _broken(number: int, name: int) -> PlannedFile:
    species = SPECIES[number % 2]
    path = _path("train", species, EXTRAS + name)
    problem = PlantedProblem(path, _BREAKAGES[number % len(_BREAKAGES)])
    return PlannedFile(path, "train", species, EXTRAS + number, problem)


def _wrong(options: SampleOptions) -> int:
    return round(options.wrong_labels * _in_train(options))


def _in_train(options: SampleOptions) -> int:
    return sum(options.count("train", species) for species in SPECIES)


def _faults(options: SampleOptions) -> list[str]:
    """Everything that is wrong with the options, so that all of it can be put right at once."""
    faults = []
    for field in fields(options):
        value = getattr(options, field.name)
        kinds, wanted = _WANTED[type(field.default)]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            faults.append(f"{field.name} is {value!r}: give {wanted}")
    if faults:
        return faults
    for name, least, most in (
        ("train", 1, MOST), ("val", 0, MOST), ("test", 0, MOST), ("size", 32, 1024),
        ("seed", 0, 2**63), ("duplicates", 0, MOST // 8), ("leaks", 0, MOST // 8),
        ("broken", 0, MOST // 8), ("tiny", 0, MOST), ("wrong_labels", 0.0, 0.5),
    ):  # fmt: skip
        value = getattr(options, name)
        if not least <= value <= most:
            faults.append(f"{name} = {value}: give {least} to {most}")
    if not (math.isfinite(options.imbalance) and 0.001 <= options.imbalance <= 1000):
        faults.append(f"imbalance = {options.imbalance}: give 0.001 to 1000 dogs per cat")
    if faults:
        return faults
    total = _in_train(options)
    asked = _wrong(options) + options.tiny + options.duplicates + options.leaks
    if asked > total:
        faults.append(
            f"wrong_labels, tiny, duplicates and leaks ask for {asked} different training "
            f"pictures, and there are {total}: ask for fewer or raise train = {options.train}"
        )
    return faults
