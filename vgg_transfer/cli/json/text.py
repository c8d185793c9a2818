"""From an answer to JSON text, and the JSON schema of every verb's answer."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel, TypeAdapter

from vgg_transfer.cli.json import answers, diagnoses, drawings, shipping, trainings
from vgg_transfer.comparison.record import Comparison
from vgg_transfer.recipe import Recipe

ANSWERS: Mapping[str, Any] = {
    "train": trainings.TrainAnswer,
    "resume": trainings.TrainAnswer,
    "runs": trainings.RunsAnswer,
    "show": trainings.ShowAnswer,
    "compare": Comparison,
    "evaluate": answers.EvaluateAnswer,
    "doctor": diagnoses.DoctorAnswer | diagnoses.CatalogueAnswer,
    "predict": answers.PredictAnswer,
    "explain": answers.ExplainAnswer,
    "export": shipping.ExportAnswer,
    "check": shipping.CheckAnswer,
    "images": answers.ImagesAnswer,
    "recipes": answers.RecipesAnswer | answers.RecipeAnswer | answers.AugmentationsAnswer,
    "reproduce": answers.ReproduceAnswer | answers.ReproducedAnswer | answers.PublishedAnswer,
    "tune": answers.TuneAnswer,
    "report": drawings.ReportAnswer,
    "plot": drawings.PlotAnswer,
    "augment": answers.AugmentAnswer,
    "cache": answers.CacheAnswer,
    "sample": answers.SampleAnswer,
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
        return {
            each.name.removesuffix("_"): getattr(value, each.name)
            for each in fields(value)
            if not (each.metadata == answers.ONLY_WHEN_ASKED and getattr(value, each.name) is None)
        }
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
