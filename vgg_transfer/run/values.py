"""A run as a value: what was trained, how it went, and how good it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.evaluation import Calibration, Metrics
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Averaging, Recipe
from vgg_transfer.run.origins import (
    Begun,
    Channels,
    Environment,
    ImagesUsed,
    ManifestRow,
    StartingWeights,
)
from vgg_transfer.run.stages import Advice, Epoch, Filled, StageOutcome
from vgg_transfer.words import counted, printable

if TYPE_CHECKING:
    import PIL.Image

Status = Literal["running", "complete", "interrupted", "failed"]
JudgedOn = Literal["test", "val", ""]
# The quoted name keeps Pillow from being loaded; a union with one cannot be written with "|".
_Picture: TypeAlias = Union[Path, str, bytes, "PIL.Image.Image", NDArray[Any]]
Pictures: TypeAlias = _Picture | Sequence[_Picture]


@dataclass(frozen=True)
class Judged:
    """What the model said about one image of known class."""

    path: str
    split: str
    label: str
    predicted: str
    probabilities: tuple[float, ...]


def as_arrays(
    judged: Sequence[Judged], class_names: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels, as indices into the class names, and rows of probabilities."""
    labels = [class_names.index(one.label) for one in judged]
    return np.array(labels, np.int64), np.array([one.probabilities for one in judged], np.float64)


@dataclass(frozen=True)
class Prediction:
    """What the model says about one image.

    Args:
        path: the file; of a picture in memory its place among what was given: ``"image 1"``.
        label: the likeliest class; None where the file cannot be read.
        probabilities: of every class, likeliest first; empty where the file cannot be read.
        error: why the file cannot be read.
        possible: the classes that it may be of, likeliest first, at the certainty that was asked
            for; empty where none is likely enough. None: it was not asked for.
        sure: whether the likeliest class can be relied on at this certainty. None: not asked for.
        familiar: whether it is like the images that were trained on. None: not asked for.
    """

    path: Path | str
    label: str | None
    probabilities: Mapping[str, float]
    error: str | None = None
    possible: tuple[str, ...] | None = None
    sure: bool | None = None
    familiar: bool | None = None


@dataclass(frozen=True, repr=False)
class Run:
    """A training, begun or come to an end. Everything after training only reads it.

    Args:
        folder: where the run lies.
        status: ``complete``, ``interrupted`` or ``failed``; ``running`` from its beginning until
            then, and for ever where it was killed.
        seed: of all that was drawn at random.
        recipe: what was to be done.
        class_names: in the order of the model's outputs.
        image_set: the images in words and numbers; ``manifest`` lists them.
        weights: what the training began with.
        environment: the software and the device.
        stages: how each stage that was run went.
        history: every epoch of every stage.
        seconds: what the training took.
        judged_on: the split of ``metrics`` and ``judged``: ``test``, or ``val`` where there is no
            test split; empty in a run that was interrupted or failed.
        metrics: how good the model is.
        judged: what the model says about each image of that split.
        manifest: every image with its split and class.
        validated: what the model says about each validation image, where ``judged`` is about test
            images; empty in older records, and where a head was fitted on the validation images.
        calibration: the temperature that was fitted on what it says about validation images; None
            where there is nothing to fit it on, and in older records.
        channels: of the training images, where the recipe standardizes by them.
        filled: what was read from stores of frozen activations.
        advice: one for each stage that a probe decided on, where the recipe trains only as long as
            it is worth it.
        findings: what somebody should know about recipe, images and training.
        begun: how it was begun, which its recipe does not say; None in older records.
    """

    folder: Path
    status: Status
    seed: int
    recipe: Recipe
    class_names: tuple[str, ...]
    image_set: ImagesUsed
    weights: StartingWeights
    environment: Environment
    stages: tuple[StageOutcome, ...]
    history: tuple[Epoch, ...]
    seconds: float
    judged_on: JudgedOn = ""
    metrics: Metrics | None = None
    judged: tuple[Judged, ...] = ()
    manifest: tuple[ManifestRow, ...] = ()
    validated: tuple[Judged, ...] = ()
    calibration: Calibration | None = None
    channels: Channels | None = None
    filled: tuple[Filled, ...] = ()
    advice: tuple[Advice, ...] = ()
    findings: tuple[Finding, ...] = ()
    begun: Begun | None = None

    def __repr__(self) -> str:
        """Three lines: where and what it is, how good, and on which images."""
        result = "not judged"
        if self.metrics is not None:
            low, high = self.metrics.accuracy_interval.low, self.metrics.accuracy_interval.high
            result = (
                f"accuracy {self.metrics.accuracy:.1%} (95% interval {low:.1%} to {high:.1%}) "
                f"on {counted(self.metrics.images, f'{self.judged_on} image', ',')}"
            )
        splits = ", ".join(f"{self.image_set.count(s):,} {s}" for s in self.image_set.counts)
        return (
            f'run "{printable(self.folder)}": {self.status}, recipe {printable(self.recipe.name)}, '
            f"seed {self.seed}\n{result}\n{printable(self.image_set.source)}: {splits} images of "
            f"{len(self.class_names)} classes"
        )

    @property
    def model_file(self) -> Path:
        """The saved model: raw RGB pixels in, probabilities out."""
        return self.folder / "model.keras"

    def split(self, name: str) -> tuple[ManifestRow, ...]:
        """Return the images of a split, in their order."""
        return tuple(row for row in self.manifest if row.split == name)

    def predict(
        self,
        images: Pictures,
        averaging: Averaging | None = None,
    ) -> list[Prediction]:
        """Say what is on images, with this run's model.

        Args:
            images: an image file, a folder of them, a pattern, the bytes of a file, a PIL picture,
                an array of pixels (height, width, 3; uint8, or floats from 0 to 255), or a list of
                these.
            averaging: test-time augmentation: ``"flip"`` averages over the mirror image too, a
                number from 1 to 64 over that many augmented views, ``"none"`` over nothing.
                Default: the recipe's ``tta``.

        Returns:
            One prediction for each file or picture, in the order given, files of a folder by name.

        Raises:
            ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
            RunError: the model is missing or damaged.
        """
        # The one step up in the house: the record offers what only a later room can do.
        import vgg_transfer

        return vgg_transfer.predict(self, images, averaging)
