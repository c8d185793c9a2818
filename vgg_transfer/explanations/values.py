"""What is found out about a model's answers, as values: they need no network to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from vgg_transfer.evaluation import Interval
from vgg_transfer.words import counted

_FEWEST = 5  # pictures that an interval is given for


@dataclass(frozen=True)
class Faithfulness:
    """What happens to the probability of the answer when the picture is taken apart.

    Args:
        images: how many pictures were taken apart.
        shares: how much of a picture is blurred in each step of the curves, from 0 to 1.
        deletion: the mean probability at each share, the hottest cells blurred first.
        deletion_at_random: the same, the cells blurred in a random order.
        insertion: the mean probability at each share of a picture that is not blurred, the hottest
            cells first.
        insertion_at_random: the same, in a random order.
        deleting: by how much more the probability falls than at random, mean over the shares.
        inserting: by how much more it rises than at random, mean over the shares.
        times: what deletion by heat takes from the probability, as a multiple of what it takes at
            random; None where that takes nothing.
    """

    images: int
    shares: tuple[float, ...]
    deletion: tuple[float, ...]
    deletion_at_random: tuple[float, ...]
    insertion: tuple[float, ...]
    insertion_at_random: tuple[float, ...]
    deleting: Interval
    inserting: Interval
    times: float | None

    @property
    def explains(self) -> bool:
        """Whether heat is better than chance: hot cells matter more, and that is no accident."""
        return self.images >= _FEWEST and self.deleting.low > 0

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        lost, at_random = fall(self.deletion), fall(self.deletion_at_random)
        measured = (
            f"on {counted(self.images, 'picture')}, blurring the hottest places first takes "
            f"{100 * lost:.1f} points from the probability of the answer, a random order "
            f"{100 * at_random:.1f} (difference {self.deleting})"
        )
        if self.images < _FEWEST:
            return f"{measured}: too few pictures to say whether heatmaps are to be trusted"
        if self.explains:
            return f"{measured}: what is hot matters"
        return f"{measured}: not shown to be better than chance, so nothing is shown of it"


@dataclass(frozen=True)
class Near:
    """A training image that a picture looks like to the model.

    Args:
        path: where it lay when the run was trained.
        class_name: the class that it was trained with.
        likeness: the cosine between what the two upper blocks make of both: 1 is the same.
    """

    path: Path
    class_name: str
    likeness: float


@dataclass(frozen=True)
class Neighbours:
    """A picture and the training images that it looks like to the model.

    Args:
        path: the file; of a picture in memory its place among what was given: ``"image 1"``.
        near: the training images, most alike first.
        error: why the file cannot be read.
    """

    path: Path | str
    near: tuple[Near, ...]
    error: str | None = None


@dataclass(frozen=True)
class Explanation:
    """Why a picture is taken for its class.

    Args:
        path: the file.
        class_name: the class that is explained; empty where the file cannot be read.
        probability: what the model gives this class.
        overlay: the picture with its heat; None where heat explains nothing.
        near: the training images that it looks like to the model, most alike first.
        error: why the file cannot be read.
    """

    path: Path
    class_name: str
    probability: float
    overlay: Path | None
    near: tuple[Near, ...]
    error: str | None


@dataclass(frozen=True)
class Explanations:
    """Pictures explained, in a folder.

    Args:
        folder: where overlays, ``nearest.png`` and ``explanations.csv`` lie.
        pictures: one for each file.
        faithfulness: whether the model's heatmaps show what its answers hang on.
        notes: sentences that somebody who looks at them should know.
    """

    folder: Path
    pictures: tuple[Explanation, ...]
    faithfulness: Faithfulness
    notes: tuple[str, ...]


def fall(curve: Sequence[float]) -> float:
    """Return what a deletion takes from a probability, mean over the steps between its ends."""
    return curve[0] - fmean(curve[1:-1])
