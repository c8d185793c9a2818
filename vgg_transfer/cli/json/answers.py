"""What each verb prints with ``--json``, as frozen values that hold the package's own ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field

from vgg_transfer.activations import Entry
from vgg_transfer.cli.json.text import ONLY_WHEN_ASKED
from vgg_transfer.evaluation import Metrics
from vgg_transfer.evaluation.temperature import Calibrated
from vgg_transfer.explanations import Explanation, Explanations, Faithfulness
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import Split
from vgg_transfer.recipe import Augmentation, Recipe
from vgg_transfer.reproduction.repetition import Reproduction
from vgg_transfer.reproduction.results import Published
from vgg_transfer.run import Run, Status
from vgg_transfer.sample import PlantedProblem
from vgg_transfer.tuning.tuned import TunedTrial, Tuning

# "class" is a word of Python's: the underscore goes when JSON is written.
_Class = Field(alias="class")


@dataclass(frozen=True)
class EvaluateAnswer:
    """How good a run is; ``tta`` is ``"flip"`` or a number of views, null for neither."""

    run: PurePath
    source: str
    judged_on: str
    tta: Literal["flip"] | int | None
    metrics: Metrics
    cautions: tuple[str, ...]
    calibrated: Calibrated | None = field(default=None, metadata=ONLY_WHEN_ASKED)


@dataclass(frozen=True)
class Likely:
    """A class with its probability, from 0 to 1."""

    class_: Annotated[str, _Class]
    probability: float


@dataclass(frozen=True)
class PredictedFile:
    """A file with its likeliest classes, or the reason why it cannot be read.

    ``possible`` and ``sure`` are there where a certainty is asked for, ``familiar`` where
    unfamiliar pictures are.
    """

    path: str
    class_: Annotated[str | None, _Class]
    top: tuple[Likely, ...]
    error: str | None
    possible: tuple[str, ...] | None = field(default=None, metadata=ONLY_WHEN_ASKED)
    sure: bool | None = field(default=None, metadata=ONLY_WHEN_ASKED)
    familiar: bool | None = field(default=None, metadata=ONLY_WHEN_ASKED)


@dataclass(frozen=True)
class PredictAnswer:
    """What is on files; those that cannot be read are among them."""

    run: PurePath
    predictions: tuple[PredictedFile, ...]


@dataclass(frozen=True)
class ExplainAnswer:
    """Images explained: where what was drawn lies, and whether the heat in it is to be trusted."""

    run: PurePath
    folder: PurePath
    faithfulness: Faithfulness
    explains: bool
    pictures: tuple[Explanation, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, run: Run, found: Explanations) -> "ExplainAnswer":
        """Return what there is to tell of explanations."""
        return cls(
            run=run.folder.absolute(),
            folder=found.folder,
            faithfulness=found.faithfulness,
            explains=found.faithfulness.explains,
            pictures=found.pictures,
            notes=found.notes,
        )


@dataclass(frozen=True)
class SkippedFile:
    """A file that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class ImagesAnswer:
    """An image set; ``counts`` are images by split and class."""

    source: str
    digest: str
    images: int
    class_names: tuple[str, ...]
    counts: Mapping[Split, Mapping[str, int]]
    findings: tuple[Finding, ...]
    skipped: tuple[SkippedFile, ...]
    saved: PurePath | None


@dataclass(frozen=True)
class RecipeSummary:
    """A named recipe in words."""

    name: str
    description: str
    source: str


@dataclass(frozen=True)
class RecipesAnswer:
    """All named recipes."""

    recipes: tuple[RecipeSummary, ...]


@dataclass(frozen=True)
class RecipeAnswer(RecipeSummary):
    """One recipe; settings that are left open are absent."""

    explanation: str
    recipe: Recipe


@dataclass(frozen=True)
class NamedAugmentation:
    """A named augmentation and what it is for."""

    name: str
    purpose: str
    augmentation: Augmentation


@dataclass(frozen=True)
class AugmentationsAnswer:
    """All named augmentations."""

    augmentations: tuple[NamedAugmentation, ...]


@dataclass(frozen=True)
class AugmentAnswer:
    """A sheet that was drawn."""

    file: PurePath
    augmentation: Augmentation
    size: int
    views: int
    images: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PreparedImages:
    """Images that a source had to unpack or to write."""

    folder: PurePath
    bytes: int


@dataclass(frozen=True)
class CacheAnswer:
    """What is stored; ``last_used`` counts seconds since 1970."""

    folder: PurePath
    limit_bytes: int
    removed: tuple[Entry, ...]
    stores: tuple[Entry, ...]
    images: PreparedImages


@dataclass(frozen=True)
class SampleAnswer:
    """A sample set that was drawn; ``counts`` are files by folder."""

    folder: PurePath
    counts: Mapping[str, int]
    problems: tuple[PlantedProblem, ...]


@dataclass(frozen=True)
class ReproduceAnswer:
    """A published result, run again; shares are from 0 to 1."""

    name: str
    published: Published
    run: PurePath | None
    status: Status | None
    seconds: float | None
    metrics: Metrics | None
    difference: float | None
    difference_interval: tuple[float, float] | None
    verdict: str
    reason: str
    differs: tuple[str, ...]

    @classmethod
    def of(cls, found: Reproduction) -> "ReproduceAnswer":
        """Return what there is to tell of a reproduction."""
        run, agreement = found.run, found.agreement
        interval = agreement.interval
        return cls(
            name=found.published.name,
            published=found.published,
            run=run.folder if run else None,
            status=run.status if run else None,
            seconds=run.seconds if run else None,
            metrics=run.metrics if run else None,
            difference=agreement.difference,
            difference_interval=(interval.low, interval.high) if interval else None,
            verdict=agreement.verdict,
            reason=agreement.reason,
            differs=found.differs,
        )


@dataclass(frozen=True)
class ReproducedAnswer:
    """All published results, run again."""

    reproductions: tuple[ReproduceAnswer, ...]


@dataclass(frozen=True)
class PublishedAnswer:
    """The published results; nothing was run."""

    published: tuple[Published, ...]


@dataclass(frozen=True)
class TuneAnswer:
    """A search; ``mattered`` gives settings their shares of what the trials differ by."""

    folder: PurePath
    run: PurePath
    recipe_file: PurePath
    best: TunedTrial
    default: TunedTrial
    validation_images: int
    trials: tuple[TunedTrial, ...]
    mattered: Mapping[str, float]
    verdict: str
    cautions: tuple[str, ...]
    looks: int
    metrics: Metrics | None

    @classmethod
    def of(cls, found: Tuning) -> "TuneAnswer":
        """Return what there is to tell of a search."""
        return cls(
            folder=found.folder,
            run=found.run.folder,
            recipe_file=found.recipe_file,
            best=found.best,
            default=found.default,
            validation_images=found.validation_images,
            trials=found.trials,
            mattered=found.mattered,
            verdict=found.verdict,
            cautions=found.cautions,
            looks=found.looks,
            metrics=found.run.metrics,
        )
