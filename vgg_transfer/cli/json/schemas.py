"""What each verb prints with ``--json``, and the JSON schema of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from vgg_transfer.cli.json import adoption, answers, diagnoses, drawings, shipping, trainings
from vgg_transfer.comparison.record import Comparison

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
    "adopt": adoption.AdoptAnswer,
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


def schema(verb: str) -> dict[str, Any]:
    """Return the JSON schema of what a verb prints with ``--json``."""
    return TypeAdapter(ANSWERS[verb]).json_schema(mode="validation")
