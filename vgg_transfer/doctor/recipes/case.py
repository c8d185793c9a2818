"""A recipe as the doctor sees it: alone, or beside what is known of the images."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vgg_transfer.recipe import Augmentation, Recipe, Stage

GRADIENTS_SCALED = ("adam", "adamw", "rmsprop")
"""The optimizers whose steps are about as long as the rate, whatever the gradient."""


@dataclass(frozen=True)
class RecipeCase:
    """A recipe to be examined; what is None is not known, and no check speaks of it.

    Args:
        recipe: what is to be done.
        counts: the number of images by split and class.
        pixel_range: the least and the largest value in a few images, as read: 0 to 255.
    """

    recipe: Recipe
    counts: Mapping[str, Mapping[str, int]] | None = None
    pixel_range: tuple[float, float] | None = None

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """The classes, where images are known."""
        if self.counts is None:
            return None
        return tuple(dict.fromkeys(name for split in self.counts.values() for name in split))

    def images(self, split: str) -> int | None:
        """Return how many images a split has, or None where images are not known."""
        return None if self.counts is None else sum(self.counts.get(split, {}).values())

    @property
    def learning(self) -> Iterator[tuple[int, Stage]]:
        """The stages that learn by steps, each with its number; the others solve the head."""
        for number, stage in enumerate(self.recipe.stage, start=1):
            if stage.optimizer != "exact":
                yield number, stage

    def augmentation(self, stage: Stage) -> Augmentation:
        """Return the random changes to the images of a stage; none where it sees plain ones."""
        views = self.recipe.views if stage.views is None else stage.views
        return (
            Augmentation() if views == "plain" else stage.augmentation or self.recipe.augmentation
        )

    def batch_size(self, stage: Stage) -> int:
        """Return how many images a step of a stage sees."""
        return stage.batch_size or self.recipe.batch_size

    def opened(self, stage: Stage) -> tuple[str, ...]:
        """Return the blocks below the head that a stage trains."""
        return tuple(block for block in stage.train if block != "head")
