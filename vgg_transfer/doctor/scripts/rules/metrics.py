"""Whether the numbers that are watched mean what their names say."""

from collections.abc import Iterator
from typing import Any

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.scripts.rules.ending import Ending
from vgg_transfer.doctor.scripts.rules.outputs import BINARY, CATEGORICAL, SPARSE, family, judged
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.finding import Finding

MISLEADING_METRIC = Entry(
    "misleading-metric",
    "warning",
    "A metric that does not fit the labels",
    "It is computed all the same, and looks far better or worse than the share of right answers.",
    "The metric by name beside the loss, the activation and the units: `binary_accuracy` of "
    "softmax, `categorical_accuracy` of one unit or of whole numbers, `sparse_…` of one-hot "
    "labels, `Accuracy()` of probabilities, accuracy of a number that is estimated.",
)


def misleading_metric(story: Story) -> Iterator[Finding]:
    """Find metrics that measure something else than they say."""
    told: set[tuple[int, str]] = set()
    for compiled, ending, labels, _ in judged(story):
        for metric in compiled.metrics:
            name = _name(metric)
            why = _wrong(name, family(compiled.loss), ending, labels.form if labels else "")
            estimates = compiled.loss is not None and compiled.loss.kind in _NUMBERS
            if estimates and _is_accuracy(name) and ending.activation == "linear":
                why = "the loss is for estimating a number, and no estimate hits it exactly"
            if why and (compiled.metrics_line, name) not in told:
                told.add((compiled.metrics_line, name))
                yield MISLEADING_METRIC.found(
                    story.source.where(compiled.metrics_line),
                    f"{name} on line {compiled.metrics_line}: {why}",
                    "metrics=['accuracy'], which Keras fits to the loss",
                )


_NUMBERS = ("mean_squared_error", "mean_absolute_error", "mae")


def _is_accuracy(name: str) -> bool:
    return name in ("accuracy", "acc", "binary_accuracy", "categorical_accuracy")


def _name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    path = getattr(metric, "path", "")
    return path.rpartition(".")[2] if isinstance(path, str) else ""


def _wrong(name: str, kind: str, ending: Ending, form: str) -> str:
    several = (ending.units or 2) > 1
    if name == "exact accuracy":
        return "it counts probabilities that are equal to the label, and there are hardly any"
    if name == "binary_accuracy" and several and ending.activation == "softmax":
        return (
            f"each of the {ending.units or 'several'} softmax units counts as an answer of its own"
        )
    if name == "categorical_accuracy" and ending.units == 1:
        return "it asks which unit is largest, and there is only one: every answer is the same"
    if name == "categorical_accuracy" and kind == SPARSE and several:
        return "it takes one-hot labels, and the loss takes whole numbers"
    if (
        name == "sparse_categorical_accuracy"
        and (kind == CATEGORICAL or form == "onehot")
        and several
    ):
        return "it takes whole numbers, and the labels are one-hot"
    if name == "sparse_categorical_accuracy" and kind == BINARY and ending.units == 1:
        return "it asks which unit is largest, and there is only one: every answer is the same"
    return ""
