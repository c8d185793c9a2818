"""What was published: the results that ``reproduce`` can run, read from published.toml."""

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from vgg_transfer.errors import ComparisonError, did_you_mean

CLASSES = ("cats", "dogs")


@dataclass(frozen=True)
class Published:
    """A published result; the recipe of the same name repeats it.

    ``accuracy`` is a share of ``images`` images of the split ``measured_on``. What differs from it
    by less than ``tolerance`` points counts as the same. ``differs`` says what is not done here as
    it was done there.
    """

    name: str
    title: str
    source: str
    accuracy: float
    measured_on: Literal["val", "test"]
    images: int
    train_images: int
    val_images: int
    tolerance: float
    tolerance_reason: str
    known: str
    differs: tuple[str, ...]

    @property
    def correct(self) -> int:
        """How many images were right."""
        return round(self.accuracy * self.images)

    @property
    def measured(self) -> str:
        """What it was measured on, in words."""
        return f"{self.images:,} {'test' if self.measured_on == 'test' else 'validation'} images"

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self) | {"differs": list(self.differs)}


def all_published() -> tuple[Published, ...]:
    """Return all published results, the oldest first."""
    return tuple(_read().values())


def published(name: str) -> Published:
    """Return the published result of that name."""
    found = _read()
    if name not in found:
        raise ComparisonError(
            f'no published result is called "{name}".{did_you_mean(name, found)} '
            "See them all with: vgg-transfer reproduce --list"
        )
    return found[name]


@cache
def _read() -> dict[str, Published]:
    text = files(__package__).joinpath("published.toml").read_text("utf-8")
    return {
        result["name"]: Published(**result | {"differs": tuple(result["differs"])})
        for result in tomllib.loads(text)["result"]
    }
