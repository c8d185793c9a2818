"""What ``--json`` prints: a frozen value for each verb, and its JSON schema.

The values hold the package's own ones; ``as_text`` turns them into JSON, ``schema`` describes it.
``vgg-transfer schema VERB`` prints the schema.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter

from vgg_transfer.activations import Entry
from vgg_transfer.comparison.record import Comparison
from vgg_transfer.evaluation import Metrics
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import Split
from vgg_transfer.recipe import Augmentation, Recipe
from vgg_transfer.reproduction.repetition import Reproduction
from vgg_transfer.reproduction.results import Published
from vgg_transfer.run import Advice, StageOutcome, Status
from vgg_transfer.sample import PlantedProblem
from vgg_transfer.tuning.tuned import TunedTrial

# "class" is a word of Python's: the underscore goes when JSON is written.
_Class = Field(alias="class")


@dataclass(frozen=True)
class TrainAnswer:
    """A run; ``seconds`` are those of the whole training."""

    run: PurePath
    status: Status
    judged_on: str
    metrics: Metrics | None
    seconds: float
    stages: tuple[StageOutcome, ...]
    findings: tuple[Finding, ...]
    advice: tuple[Advice, ...]


@dataclass(frozen=True)
class EvaluateAnswer:
    """How good a run is; ``tta`` is ``"flip"`` or a number of views."""

    run: PurePath
    source: str
    judged_on: str
    tta: Literal["flip"] | int | None
    metrics: Metrics
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Likely:
    """A class with its probability, from 0 to 1."""

    class_: Annotated[str, _Class]
    probability: float


@dataclass(frozen=True)
class PredictedFile:
    """A file with its likeliest classes, or the reason why it cannot be read."""

    path: str
    class_: Annotated[str | None, _Class]
    top: tuple[Likely, ...]
    error: str | None


@dataclass(frozen=True)
class PredictAnswer:
    """What is on files; those that cannot be read are among them."""

    run: PurePath
    predictions: tuple[PredictedFile, ...]


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


ANSWERS: Mapping[str, Any] = {
    "train": TrainAnswer,
    "compare": Comparison,
    "evaluate": EvaluateAnswer,
    "predict": PredictAnswer,
    "images": ImagesAnswer,
    "recipes": RecipesAnswer | RecipeAnswer | AugmentationsAnswer,
    "reproduce": ReproduceAnswer | ReproducedAnswer | PublishedAnswer,
    "tune": TuneAnswer,
    "augment": AugmentAnswer,
    "cache": CacheAnswer,
    "sample": SampleAnswer,
}


def as_text(answer: object) -> str:
    """Return an answer as one JSON object; NaN and infinity raise ``ValueError``."""
    # ASCII, so that any file name in it is valid JSON whatever the terminal's encoding.
    return json.dumps(answer, indent=2, allow_nan=False, default=_plain)


def schema(verb: str) -> dict[str, Any]:
    """Return the JSON schema of what a verb prints with ``--json``."""
    return TypeAdapter(ANSWERS[verb]).json_schema(mode="validation")


def _plain(value: object) -> object:
    """Return one step towards what JSON knows."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=isinstance(value, Recipe))
    if is_dataclass(value):
        return {each.name.removesuffix("_"): getattr(value, each.name) for each in fields(value)}
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
