"""What was published: the results that ``reproduce`` can run, read from published.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from vgg_transfer.errors import ComparisonError, did_you_mean
from vgg_transfer.recipe import Recipe, named

CLASSES = ("cats", "dogs")


@dataclass(frozen=True)
class Published:
    """A published result; the recipe of the same name repeats it.

    Args:
        name: of the result, and of its recipe.
        title: chapter or section, and what was trained.
        source: the publication.
        accuracy: share of right answers, 0 to 1.
        measured_on: the split that the publication measured on.
        images: number of images in that split.
        train_images: number of images that it trained on.
        val_images: number of images that it chose by.
        tolerance: points of accuracy; what differs by less counts as the same.
        tolerance_reason: why so much.
        known: what is known of the number, often from those who ran it again; may be empty.
        differs: what is not done here as it was done there, a sentence each.
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
    def recipe(self) -> Recipe:
        """The recipe that repeats it: the one of its name."""
        return named(self.name)

    @property
    def correct(self) -> int:
        """How many images were right."""
        return round(self.accuracy * self.images)

    @property
    def measured(self) -> str:
        """What it was measured on, in words."""
        return f"{self.images:,} {'test' if self.measured_on == 'test' else 'validation'} images"


def all_published() -> tuple[Published, ...]:
    """Return all published results, the oldest first."""
    return tuple(_read().values())


def published(name: str) -> Published:
    """Return the published result of that name.

    Args:
        name: as ``vgg-transfer reproduce --list`` has it.

    Raises:
        ComparisonError: there is none; the text suggests a name that is near.
    """
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
