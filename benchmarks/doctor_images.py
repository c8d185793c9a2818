"""Image sets for benchmarks/doctor.py: parts of a pool of pictures, with a fault or none."""

import io
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

SPLITS = ("train", "val", "test")
Plant = Callable[["Planting"], None]


class Planting:
    """A part of a pool, copied to a folder of its own, and what may be done to it."""

    def __init__(self, pool: Path, folder: Path, numbers: Sequence[int], seed: int) -> None:
        """Copy so many pictures of each class for train, val and test, drawn by the seed."""
        self.folder, self.draw = folder, random.Random(seed)
        self.classes = sorted(path.name for path in (pool / "train").iterdir())
        for split, number in zip(SPLITS, numbers, strict=True):
            for name in self.classes:
                there = sorted((pool / split / name).iterdir())
                (folder / split / name).mkdir(parents=True)
                for file in self.draw.sample(there, min(number, len(there))):
                    shutil.copy(file, folder / split / name)

    def of(self, split: str, which: int = 0) -> list[Path]:
        """Return the pictures of a split and a class, in an order drawn at random."""
        files = sorted((self.folder / split / self.classes[which]).iterdir())
        return self.draw.sample(files, len(files))

    def every(self, split: str) -> list[Path]:
        """Return the pictures of a split, those of all classes."""
        return [file for which in range(len(self.classes)) for file in self.of(split, which)]

    def repaint(self, files: Sequence[Path], change: Callable[[Image.Image], Image.Image]) -> None:
        """Write pictures anew, changed."""
        for file in files:
            with Image.open(file) as opened:
                picture = change(opened.convert("RGB"))
            file.unlink()
            picture.save(file, "JPEG", quality=self.draw.randint(70, 92))


def _again(file: Path, target: Path, draw: random.Random) -> None:
    """Store a picture once more, as it is or compressed again."""
    if draw.random() < 0.5:
        shutil.copy(file, target)
        return
    with Image.open(file) as opened:
        opened.convert("RGB").save(target, "JPEG", quality=draw.randint(60, 80))


def _unreadable(to: Planting) -> None:
    for file in to.of("train")[: to.draw.randint(1, 4)]:
        file.write_bytes(file.read_bytes()[: to.draw.randint(0, 300)])


def _misnamed(to: Planting) -> None:
    for file in to.of("train")[: to.draw.randint(1, 4)]:
        picture = Image.open(io.BytesIO(file.read_bytes())).convert("RGB")
        file.unlink()
        picture.save(file.with_suffix(".jpg"), "PNG")


def _nested(to: Planting) -> None:
    _move_into(to, f"day {to.draw.randint(1, 9)}")


def _class_in_class(to: Planting) -> None:
    _move_into(to, to.classes[1])


def _move_into(to: Planting, name: str) -> None:
    inner = to.folder / "train" / to.classes[0] / name
    files = to.of("train")[: to.draw.randint(2, 9)]
    inner.mkdir()
    for file in files:
        file.rename(inner / f"inner {file.name}")


def _twins(to: Planting) -> None:
    name = to.classes[0]
    twin = to.folder / "train" / to.draw.choice([name.upper(), f"{name}_", name.removesuffix("s")])
    files = to.of("train")[::2]
    if not twin.exists():
        twin.mkdir()
        for file in files:
            file.rename(twin / file.name)


def _tiny_class(to: Planting) -> None:
    for file in to.of("train")[to.draw.randint(3, 9) :]:
        file.unlink()


def _imbalance(to: Planting) -> None:
    files = to.of("train")
    for file in files[len(files) // to.draw.randint(3, 4) :]:
        file.unlink()


def _blank(to: Planting) -> None:
    colour = tuple(to.draw.randint(0, 255) for _ in range(3))
    to.repaint(to.of("train")[:2], lambda picture: Image.new("RGB", picture.size, colour))


def _dark(to: Planting) -> None:
    share = to.draw.uniform(0.11, 0.14)
    to.repaint(to.of("train")[:3], lambda one: ImageEnhance.Brightness(one).enhance(share))


def _blurred(to: Planting) -> None:
    radius = to.draw.uniform(6, 10)
    to.repaint(to.of("train")[:3], lambda one: one.filter(ImageFilter.GaussianBlur(radius)))


def _small(to: Planting) -> None:
    side = to.draw.randint(12, 40)
    to.repaint(to.of("train")[:4], lambda one: one.resize((side, side)))


def _copies(to: Planting) -> None:
    for file in to.of("train")[: to.draw.randint(1, 5)]:
        _again(file, file.with_name(f"again {file.name}"), to.draw)


def _two_labels(to: Planting) -> None:
    other = to.folder / "train" / to.classes[1]
    for file in to.of("train")[: to.draw.randint(1, 4)]:
        with Image.open(file) as opened:
            opened.convert("RGB").save(other / f"again {file.name}", "JPEG", quality=70)


def _leak(to: Planting) -> None:
    files = to.every("test")
    for file in files[: max(2, len(files) // to.draw.randint(8, 20))]:
        target = to.folder / "train" / file.parent.name / f"again {file.name}"
        _again(file, target, to.draw)


def _one_leak(to: Planting) -> None:
    file = to.of("test")[0]
    _again(file, to.folder / "train" / to.classes[0] / f"again {file.name}", to.draw)


def _bursts(to: Planting) -> None:
    for file in [to.of("train")[0], to.of("test")[0]]:
        _with_exif(file, f"2024:05:17 14:03:{to.draw.randint(10, 59)}")


def _with_exif(file: Path, taken: str) -> None:
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    exif = Image.Exif()
    exif[271], exif[272], exif[306] = "Maker", "One", taken
    picture.save(file, "JPEG", quality=85, exif=exif)


def _shortcut(to: Planting) -> None:
    """Frame the pictures of one class, store them at another quality, or cut them to a shape."""
    kind = to.draw.choice(["frame", "quality", "shape"])
    for split in SPLITS:
        for file in to.of(split):
            with Image.open(file) as opened:
                picture = opened.convert("RGB")
            if kind == "frame":
                picture = ImageOps.expand(ImageOps.crop(picture, 5), 5, (226, 122, 52))
            if kind == "shape":
                picture = picture.crop((0, 0, picture.width, int(0.6 * picture.height)))
            file.unlink()
            picture.save(file, "JPEG", quality=25 if kind == "quality" else 80)


def _looks(to: Planting) -> None:
    for split in SPLITS:
        to.repaint(
            to.of(split),
            lambda one: ImageEnhance.Brightness(one).enhance(to.draw.gauss(1.6, 0.3)),
        )


def _different_splits(to: Planting) -> None:
    kind = to.draw.choice(["gray", "dim", "coarse"])
    changes: dict[str, Callable[[Image.Image], Image.Image]] = {
        "gray": lambda one: ImageOps.grayscale(one).convert("RGB"),
        "dim": lambda one: ImageEnhance.Brightness(one).enhance(0.4),
        "coarse": lambda one: one.resize((24, 24)).resize(one.size),
    }
    to.repaint(to.every("test"), changes[kind])


def _wrong_labels(to: Planting) -> None:
    _swap(to, 0.15)


def _doubted_labels(to: Planting) -> None:
    _swap(to, 0.04)


def _swap(to: Planting, share: float) -> None:
    """Put a share of the training pictures into the folder of the next class."""
    moved = []
    for which, name in enumerate(to.classes):
        files = to.of("train", which)
        target = to.folder / "train" / to.classes[(which + 1) % len(to.classes)]
        moved += [
            (file, target / f"of {name} {file.name}") for file in files[: round(share * len(files))]
        ]
    for file, target in moved:
        file.rename(target)


PLANTS: dict[str, Plant] = {
    "unreadable-files": _unreadable,
    "misnamed-files": _misnamed,
    "class-in-class": _class_in_class,
    "nested-folders": _nested,
    "twin-classes": _twins,
    "tiny-class": _tiny_class,
    "imbalance": _imbalance,
    "blank-pictures": _blank,
    "dark-pictures": _dark,
    "blurred-pictures": _blurred,
    "small-pictures": _small,
    "copies-with-two-labels": _two_labels,
    "leak": _leak,
    "copies-across-splits": _one_leak,
    "copies": _copies,
    "bursts-across-splits": _bursts,
    "shortcut": _shortcut,
    "told-by-looks": _looks,
    "splits-differ": _different_splits,
    "wrong-labels": _wrong_labels,
    "doubted-labels": _doubted_labels,
}
