"""Whether output, loss, labels and metrics speak of the same thing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.scripts.rules.ending import Ending, compiled_with, ending_of
from vgg_transfer.doctor.scripts.story.models import Compiled
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.choices import Loss
from vgg_transfer.doctor.scripts.values.labels import Labels
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted

CATEGORICAL, SPARSE, BINARY = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
)
_FAMILY = {
    CATEGORICAL: CATEGORICAL,
    "categorical_focal_crossentropy": CATEGORICAL,
    SPARSE: SPARSE,
    BINARY: BINARY,
    "binary_focal_crossentropy": BINARY,
}

LONE_SOFTMAX = Entry(
    "lone-softmax",
    "error",
    "Softmax over a single unit",
    "It is 1 whatever the picture, so the model answers the same to all of them and learns "
    "nothing.",
    "One output unit with softmax.",
)
WRONG_LOSS = Entry(
    "wrong-loss",
    "error",
    "A loss that does not fit the output or the labels",
    "The number that the training makes small is not the error that is meant, or cannot be "
    "computed at all.",
    "The loss beside the activation and the units of the output, and beside the form of the "
    "labels: one-hot, whole numbers, or 0 and 1. A warning where it trains and is only less than "
    "it could be.",
)
MISSING_ACTIVATION = Entry(
    "missing-activation",
    "error",
    "An output that is no probability, for a loss that takes it for one",
    "The loss takes the logarithm of what may be below 0 or above 1; it is cut off there, and "
    "hardly any gradient is left.",
    "No activation at the output or one like relu, a cross-entropy, and `from_logits` not set.",
)
DOUBLED_ACTIVATION = Entry(
    "doubled-activation",
    "error",
    "Probabilities that the loss makes probabilities of once more",
    "A second softmax or sigmoid squeezes all answers together, so that the model is never sure "
    "and learns slowly.",
    "Softmax or sigmoid at the output, and a loss with `from_logits=True`.",
)
WRONG_UNITS = Entry(
    "wrong-units",
    "error",
    "A number of output units that does not fit the classes",
    "Each class needs a unit of its own (two classes may share one): with fewer a class has no "
    "answer, with others the shapes do not fit.",
    "The units of the output beside `class_mode`, the columns of one-hot labels or the classes of "
    "a known data set. A warning where there are only more units than classes.",
)
UNMAPPED_LABELS = Entry(
    "unmapped-labels",
    "error",
    "Labels that are not 0, 1, 2, …",
    "A label is the place of a unit: those that begin at 1 leave the first unit without a class, "
    "and the last class without a unit; texts have no place.",
    "The smallest label as far as the script says it, and labels that are texts. A warning where "
    "the largest is not known, a note where there are units enough.",
)
WRONG_AXIS = Entry(
    "wrong-axis",
    "error",
    "Softmax over the images of a batch",
    "The probabilities of a picture then depend on which others are beside it, and do not add up "
    "to 1.",
    "The `axis` of a softmax at the output: 0.",
)


def family(loss: Loss | None) -> str:
    """Return which of the three cross-entropies a loss is; empty for others."""
    return "" if loss is None else _FAMILY.get(loss.kind, "")


def _labels_of(fitted: Any) -> Labels | None:
    """Return the labels that a training learns from."""
    data = fitted.data if fitted is not None else None
    return data.labels if isinstance(data, Batches) else None


def judged(story: Story) -> Iterator[tuple[Compiled, Ending, Labels | None, Any]]:
    """Yield each compiled model whose end is known, with the labels that it learns from."""
    seen: set[tuple[Any, ...]] = set()
    for compiled, fitted in compiled_with(story):
        ending = ending_of(compiled.model)
        key = (compiled.line, id(ending.layer) if ending else 0)
        if ending is not None and key not in seen:
            seen.add(key)
            yield compiled, ending, _resolved(_labels_of(fitted), ending), fitted


def _resolved(labels: Labels | None, ending: Ending) -> Labels | None:
    """Return labels whose form depends on how many classes there are in that form."""
    if labels is None or labels.form != "binarized":
        return labels
    return replace(labels, form="onehot" if (ending.units or 0) > 2 else "")


def outputs(story: Story) -> Iterator[Finding]:
    """Find what does not fit at the end of a model: one finding for each thing."""
    told: set[Finding] = set()
    for compiled, ending, labels, fitted in judged(story):
        found = [
            *_activation(story, compiled, ending),
            *_mapped(story, compiled, ending, labels, fitted),
        ]
        found += [] if found else _units(story, compiled, ending, labels)
        if not found or all(one.code == "unmapped-labels" for one in found):
            found += _loss(story, compiled, ending, labels)
        yield from (one for one in found if one not in told)
        told |= set(found)


def _activation(story: Story, compiled: Compiled, ending: Ending) -> Iterator[Finding]:
    where, loss = story.source.where, compiled.loss
    if ending.activation == "softmax" and ending.axis == 0:
        yield WRONG_AXIS.found(
            where(ending.line), f"softmax with axis=0 on line {ending.line}", "axis=-1"
        )
    elif ending.units == 1 and ending.activation == "softmax":
        yield LONE_SOFTMAX.found(
            where(ending.line),
            f"Dense(1) on line {ending.layer.line} with softmax",
            "activation='sigmoid' with binary_crossentropy, or two units",
        )
    elif loss is None or not family(loss):
        return
    elif ending.activation in _NO_PROBABILITY and loss.from_logits is False:
        right = "sigmoid" if family(loss) == BINARY else "softmax"
        yield MISSING_ACTIVATION.found(
            where(ending.layer.line),
            f"the output of line {ending.layer.line} has {_no_probability(ending)}, and "
            f"{loss.kind} on line {loss.line} is not told that it gets logits",
            f"activation='{right}', or from_logits=True of the loss",
        )
    elif ending.activation in ("softmax", "sigmoid") and loss.from_logits is True:
        yield DOUBLED_ACTIVATION.found(
            where(loss.line),
            f"{ending.activation} on line {ending.line}, and from_logits=True on line {loss.line}",
            "leave one of them out",
        )


_NO_PROBABILITY = ("linear", "relu", "tanh", "elu", "selu", "gelu", "swish", "silu")


def _no_probability(ending: Ending) -> str:
    return "no activation" if ending.activation == "linear" else ending.activation


def _mapped(
    story: Story, compiled: Compiled, ending: Ending, labels: Labels | None, fitted: Any
) -> Iterator[Finding]:
    """Find labels that have no unit, or that leave one without a label."""
    if labels is None or compiled.loss is None:
        return
    line = labels.line or fitted.line
    where = story.source.where(line)
    if labels.form == "texts":
        yield UNMAPPED_LABELS.found(
            where,
            f"the labels of line {line} are texts",
            "give each class a number from 0: sorted(set(labels)).index(label)",
        )
    begins = labels.lowest
    numbered = labels.form in ("integers", "onehot")
    if not begins or not numbered or family(compiled.loss) not in (SPARSE, CATEGORICAL):
        return
    last = labels.highest
    if last is None and labels.classes is not None:
        last = begins + labels.classes - 1
    finding = UNMAPPED_LABELS.found(
        where, f"the labels of line {line} begin at {begins}", f"take {begins} off each label"
    )
    if last is None or ending.units is None:
        yield replace(finding, severity="warning")
    else:
        yield finding if last >= ending.units else replace(finding, severity="note")


def _units(
    story: Story, compiled: Compiled, ending: Ending, labels: Labels | None
) -> Iterator[Finding]:
    """Find a number of units that the labels do not have."""
    kind, units = family(compiled.loss), ending.units
    if labels is None or units is None or not kind:
        return
    seen, classes, line = "", labels.classes, labels.line
    remedy, mild = f"Dense({classes}, ...)", False
    if labels.form == "onehot" and units == 1 and kind == BINARY:
        mode = "class_mode='categorical'" if labels.width is None else f"{labels.width} columns"
        seen = f"one-hot labels of line {line} ({mode})"
        remedy = "a unit for each class with softmax and categorical_crossentropy"
    elif labels.form == "onehot" and labels.width and labels.width != units and units > 1:
        seen = f"one-hot labels with {labels.width} columns on line {line}"
        remedy = f"Dense({labels.width}, ...)"
    elif labels.form == "binary" and units > 1 and kind == BINARY:
        if ending.activation == "sigmoid":
            seen, remedy = f"labels of 0 and 1 from line {line}", "one unit with sigmoid"
    elif labels.form in ("integers", "onehot") and classes and not labels.lowest:
        if units < classes and (units > 1 or classes > 2):
            seen = f"{classes} classes on line {line}"
        elif units > classes:
            seen, mild = f"{classes} classes on line {line}", True
    if seen:
        finding = WRONG_UNITS.found(
            story.source.where(ending.layer.line_of("units")),
            f"{counted(units, 'output unit')} on line {ending.layer.line}, and {seen}",
            remedy,
        )
        yield replace(finding, severity="warning") if mild else finding


def _loss(
    story: Story, compiled: Compiled, ending: Ending, labels: Labels | None
) -> Iterator[Finding]:
    loss, kind, units = compiled.loss, family(compiled.loss), ending.units
    if loss is None or not kind:
        return
    form = labels.form if labels else ""
    seen, remedy, mild = "", "", False
    if units == 1 and kind in (CATEGORICAL, SPARSE):
        seen = (
            f"{loss.kind} on line {loss.line}, and a single output unit on line {ending.layer.line}"
        )
        remedy = "loss='binary_crossentropy' with sigmoid"
    elif kind == SPARSE and form == "onehot":
        seen = f"{loss.kind} on line {loss.line} takes whole numbers, and the labels are one-hot"
        remedy = f"loss='{CATEGORICAL}'"
    elif kind == CATEGORICAL and form in ("integers", "binary"):
        seen = f"{loss.kind} on line {loss.line} takes one-hot labels, and these are whole numbers"
        remedy = f"loss='{SPARSE}', or to_categorical(labels)"
    elif kind == BINARY and ending.activation == "softmax" and (units or 2) > 1:
        mild = form not in ("integers", "binary")
        seen = f"{loss.kind} on line {loss.line}, and softmax on line {ending.line}"
        remedy = f"loss='{SPARSE if form in ('integers', 'binary') else CATEGORICAL}'"
    elif kind == BINARY and form == "integers" and (units or 0) > 1:
        seen = (
            f"{loss.kind} on line {loss.line} with {units} units, and labels that are whole numbers"
        )
        remedy = f"softmax and loss='{SPARSE}'"
    elif kind in (CATEGORICAL, SPARSE) and ending.activation == "sigmoid" and (units or 0) > 1:
        mild = True
        seen = f"{loss.kind} on line {loss.line}, and sigmoid on line {ending.line}"
        remedy = "activation='softmax'"
    if seen:
        if labels and labels.form and "label" in seen:
            seen += f" (line {labels.line})"
        finding = WRONG_LOSS.found(story.source.where(loss.line), seen, remedy)
        yield replace(finding, severity="warning") if mild else finding
