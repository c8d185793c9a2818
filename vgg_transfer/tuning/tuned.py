"""What a search found, as values, and what may be said of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vgg_transfer.evaluation import wilson
from vgg_transfer.events import Event
from vgg_transfer.recipe import Recipe
from vgg_transfer.run import Run
from vgg_transfer.words import counted

# Below this many validation images, what does best on them is to a good part luck.
FEW_IMAGES = 100


@dataclass(frozen=True)
class TunedTrial:
    """Settings that were tried, and how good they were on the validation images.

    Args:
        number: of the trial, from 0.
        status: ``failed`` where the training broke.
        settings: keys and values as after ``--set``.
        seconds: what the trial took.
        filling_seconds: those of them that went into activations, which later trials find stored.
        log_loss: mean of -ln(probability of the true class); None where the training failed.
        correct: number of images that were right; None where the training failed.
        reason: why the training failed.
    """

    number: int
    status: Literal["complete", "failed"]
    settings: Mapping[str, str]
    seconds: float
    filling_seconds: float = 0.0
    log_loss: float | None = None
    correct: int | None = None
    reason: str = ""

    @property
    def learning_seconds(self) -> float:
        """What it would take again, its activations being stored."""
        return self.seconds - self.filling_seconds


@dataclass(frozen=True)
class SettingsTried(Event):
    """A trial of a search is over; ``is_best`` where none before was better."""

    trial: TunedTrial
    is_best: bool


@dataclass(frozen=True)
class Tuning:
    """A search and its result.

    Args:
        folder: of the search.
        trials: all that came to their end, those of earlier calls included, in their order.
        best: the trial with the smallest loss.
        default: the recipe as it was given.
        validation_images: how many images chose.
        recipe: the chosen recipe.
        recipe_file: where it is written.
        run: its training, judged on the test images.
        looks: how many final runs of this search have seen the test images by now.
        mattered: each setting's share of what the trials differ by, the largest first; empty while
            there are too few trials to tell.
    """

    folder: Path
    trials: tuple[TunedTrial, ...]
    best: TunedTrial
    default: TunedTrial
    validation_images: int
    recipe: Recipe
    recipe_file: Path
    run: Run
    looks: int
    mattered: Mapping[str, float]

    @property
    def verdict(self) -> str:
        """What the search is worth on the images that it chose by, in a sentence."""
        images = counted(self.validation_images, "validation image")
        if self.best == self.default:
            others = len(self.trials) - 1
            if not others:
                return "Nothing but the recipe as it is was tried yet: continue with more minutes."
            tried = f"{others} other settings" if others > 1 else "one other setting"
            return f"Of {tried} none did better on the {images}: the recipe as it is stays."
        if self.best.log_loss is None or self.default.log_loss is None:
            return "The recipe as it is did not come to its end; the best of the others was chosen."
        return (
            f"Trial {self.best.number} was chosen over the recipe as it is by "
            f"{loss_in_words(self.default.log_loss - self.best.log_loss)} in log loss on the "
            f"{images} ({loss_in_words(self.best.log_loss)} against "
            f"{loss_in_words(self.default.log_loss)})."
        )

    @property
    def chosen_by(self) -> str:
        """The best trial's own numbers, and why they flatter."""
        images = counted(self.validation_images, "validation image")
        return (
            f"log loss {loss_in_words(self.best.log_loss)}, accuracy "
            f"{accuracy_in_words(self.best, self.validation_images)} on "
            f"{images}: these chose it, so they flatter it"
        )

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to know before believing the numbers, a sentence each."""
        found = []
        if self.validation_images < FEW_IMAGES:
            found.append(few_images_caution(self.validation_images))
        if self.looks > 1:
            before = "once" if self.looks == 2 else f"{self.looks - 1} times"
            found.append(
                f"The test images had been looked at {before} before in this search, which went on "
                "after their result was known: this number may flatter a little. Only images "
                "never used here give a fresh one: vgg-transfer evaluate RUN DATA"
            )
        return tuple(found)


def few_images_caution(validation_images: int) -> str:
    """Say what few validation images mean for a choice by them."""
    few = counted(validation_images, "validation image")
    return (
        f"Only {few} {'chooses' if validation_images == 1 else 'choose'} the settings, so the "
        f"choice is partly luck; {FEW_IMAGES} or more are better (--val 0.3 takes more of them)."
    )


def loss_in_words(log_loss: float | None) -> str:
    """Return a loss with as many digits as tell it from others; ``failed`` where there is none."""
    if log_loss is None:
        return "failed"
    return f"{log_loss:.4f}" if log_loss >= 0.01 else f"{log_loss:.2g}"


def accuracy_in_words(trial: TunedTrial, images: int) -> str:
    """Return ``95.0% [89.5, 98.0]``, the accuracy on so many images with its 95 % interval."""
    if trial.correct is None:
        return "unknown"
    interval = wilson(trial.correct, images)
    return f"{trial.correct / images:.1%} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
