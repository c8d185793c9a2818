"""What a treatment found: the remedies that were tried, and the recipe to use."""

from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.doctor.treatment.judging import Measure, Tried
from vgg_transfer.recipe import Recipe
from vgg_transfer.words import counted, printable


@dataclass(frozen=True, repr=False)
class Treatment:
    """Remedies beside the unchanged recipe.

    Args:
        folder: where the trainings lie; the same treatment goes on there.
        measure: what counts: ``accuracy``, or ``balanced accuracy`` where classes are uneven.
        images: the number of validation images that judged.
        seeds: the number of trainings of each recipe.
        unchanged: the unchanged recipe's score, from 0 to 1.
        tried: each remedy that was tried, what gained most first.
        left_out: remedies that were not tried, each with the reason.
        recipe: the recipe to use: that of the remedy that helps most, or the unchanged one.
        recipe_file: where it lies.
    """

    folder: Path
    measure: Measure
    images: int
    seeds: int
    unchanged: float
    tried: tuple[Tried, ...]
    left_out: tuple[str, ...]
    recipe: Recipe
    recipe_file: Path

    @property
    def best(self) -> Tried | None:
        """The remedy that helps most; None where none is shown to help."""
        return next((one for one in self.tried if one.helps), None)

    @property
    def verdict(self) -> str:
        """What to do, in a sentence."""
        if self.best is not None:
            return f"take this: {self.best.remedy.change}"
        if not self.tried:
            return "nothing was tried: keep the recipe as it is, or give more minutes"
        return "nothing that was tried is shown to help: keep the recipe as it is"

    @property
    def judged(self) -> str:
        """On what it was judged, and how good the unchanged recipe is."""
        return (
            f"unchanged: {self.measure} {self.unchanged:.1%} on "
            f"{counted(self.images, 'validation image', ',')}, over {counted(self.seeds, 'seed')}"
        )

    @property
    def in_words(self) -> str:
        """One line for the unchanged recipe, for each remedy, and for what to do."""
        lines = [self.judged, *(one.sentence for one in self.tried), *self.left_out, self.verdict]
        return "\n".join(map(printable, lines))

    def __repr__(self) -> str:
        """All of it in words."""
        return self.in_words
