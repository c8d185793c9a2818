"""From labels and probabilities to numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.checking import as_value
from vgg_transfer.evaluation.intervals import Interval, mean_of_shares, wilson
from vgg_transfer.words import excerpt, listed

_ROW_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class ClassMetrics:
    """The numbers of one class; precision, recall and F1 are 0.0 where they would be 0 / 0."""

    name: str
    images: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Metrics:
    """What one evaluation found. Shares are between 0 and 1, intervals Wilson's at 95 %.

    The interval of balanced accuracy is that of a mean of shares (Zou and Donner, 2008).
    """

    images: int
    correct: int
    accuracy: float
    accuracy_interval: Interval
    top5: float | None
    """Share of images whose class is among the five likeliest; None with five classes or fewer,
    where it would always be 1."""
    top5_interval: Interval | None
    majority_baseline: float
    """The accuracy of always answering ``majority_class``: its share among these labels."""
    majority_class: str
    balanced_accuracy: float
    """Mean recall of the classes that have images."""
    macro_f1: float
    """Mean F1 of the classes that have images or were predicted."""
    log_loss: float
    """Mean of -ln(probability given to the true class); a probability of 0 counts as 2.2e-16."""
    roc_auc: float | None
    """With two classes, of the second one; with more, the mean over the classes that have images,
    each against the rest. None where only one class has images."""
    per_class: tuple[ClassMetrics, ...]
    confusion: tuple[tuple[int, ...], ...]
    """Counts: rows are true classes, columns are predicted ones."""
    balanced_accuracy_interval: Interval | None = None
    """None only in runs recorded before it was measured."""

    def to_dict(self) -> dict[str, Any]:
        """Return dicts, lists, numbers, strings and None, as JSON takes them; never NaN."""
        return asdict(self) | {
            "per_class": [asdict(one) for one in self.per_class],
            "confusion": [list(row) for row in self.confusion],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild metrics from what ``to_dict`` returned, or from JSON made of it.

        Raises:
            ValueError: a key is missing or unknown, or a value is none that can be.
        """
        known = {field.name for field in fields(cls)}
        optional = {field.name for field in fields(cls) if field.default is not MISSING}
        if wrong := sorted(known - optional - data.keys() | data.keys() - known):
            raise ValueError(
                "These are not the metrics of an evaluation, or of another version of it; keys "
                f"missing or unknown: {listed(map(excerpt, wrong), quoted=False)}. Evaluate again"
            )
        found: Self = as_value(cls, dict(data), "the metrics")
        classes = len(found.per_class)
        judged = [one.images for one in found.per_class]
        fits = [len(row) for row in found.confusion] == [classes] * classes
        if not fits or not sum(judged) == found.images > 0 or min(judged) < 0:
            raise ValueError(f"the metrics: confusion and images do not fit {classes} classes")
        return found


def evaluate(
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    class_names: Sequence[str],
) -> Metrics:
    """Measure predictions on images that were not trained on.

    The prediction is the likeliest class; of equally likely ones, the first.

    Args:
        labels: the true class of each image, as an index into ``class_names``.
        probabilities: one row per image and one column per class; each row sums to 1.
        class_names: of all classes, at least two, all different.

    Raises:
        ValueError: names every fault of the arguments at once.
    """
    labels, probabilities = np.asarray(labels), np.asarray(probabilities)
    if faults := _faults(labels, probabilities, class_names):
        raise ValueError("\n- ".join(["These predictions cannot be evaluated:", *faults]))

    # scikit-learn takes a second to load, and reading metrics back from a run needs none of it.
    from sklearn import metrics as sklearn_metrics

    # Float64 from here on, so that the same probabilities give the same numbers in any precision.
    labels, probabilities = labels.astype(np.int64), probabilities.astype(np.float64)
    classes = np.arange(len(class_names))
    predicted = probabilities.argmax(axis=1)
    confusion = sklearn_metrics.confusion_matrix(labels, predicted, labels=classes)
    precision, recall, f1, support = sklearn_metrics.precision_recall_fscore_support(
        labels, predicted, labels=classes, zero_division=0.0
    )
    images, correct = len(labels), int(confusion.trace())
    among_top5 = _count_among_top5(labels, probabilities) if len(class_names) > 5 else None
    has_images, was_predicted = confusion.any(axis=1), confusion.any(axis=0)
    return Metrics(
        images=images,
        correct=correct,
        accuracy=correct / images,
        accuracy_interval=wilson(correct, images),
        top5=None if among_top5 is None else among_top5 / images,
        top5_interval=None if among_top5 is None else wilson(among_top5, images),
        majority_baseline=float(support.max() / images),
        majority_class=class_names[int(support.argmax())],
        balanced_accuracy=float(recall[has_images].mean()),
        macro_f1=float(f1[has_images | was_predicted].mean()),
        log_loss=_log_loss(labels, probabilities),
        roc_auc=_roc_auc(labels, probabilities),
        per_class=tuple(
            ClassMetrics(name, int(count), float(p), float(r), float(f))
            for name, count, p, r, f in zip(
                class_names, support, precision, recall, f1, strict=True
            )
        ),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        balanced_accuracy_interval=mean_of_shares(
            [(int(row[one]), int(row.sum())) for one, row in enumerate(confusion) if row.any()]
        ),
    )


def _faults(labels: NDArray[Any], probabilities: NDArray[Any], names: Sequence[str]) -> list[str]:
    classes, faults = len(names), []
    if classes < 2:
        faults.append(f"at least two class names are needed, received {list(names)}")
    if len(set(names)) < classes:
        faults.append(f"class names must differ, received {list(names)}")
    faults += _label_faults(labels, classes)
    faults += _probability_faults(probabilities, classes)
    if labels.ndim == 1 and probabilities.ndim == 2 and len(labels) != len(probabilities):
        faults.append(
            f"each image needs one label and one row of probabilities, received {len(labels)} "
            f"labels and {len(probabilities)} rows"
        )
    return faults


def _label_faults(labels: NDArray[Any], classes: int) -> list[str]:
    if labels.ndim != 1:
        return [
            f"labels must be one class index per image, received shape {labels.shape}; "
            "for one-hot labels pass labels.argmax(axis=1)"
        ]
    if not len(labels):
        return ["there are no labels; is the set of images empty?"]
    if not np.issubdtype(labels.dtype, np.integer):
        return [f"labels must be whole class indices, received dtype {labels.dtype}"]
    outside = np.flatnonzero((labels < 0) | (labels >= classes))
    if len(outside):
        return [
            f"labels must be between 0 and {classes - 1}, one index per class name; "
            f"{len(outside)} are not, the first is {labels[outside[0]]} at position {outside[0]}"
        ]
    return []


def _probability_faults(probabilities: NDArray[Any], classes: int) -> list[str]:
    if probabilities.ndim != 2 or probabilities.shape[1] != classes:
        return [
            f"probabilities must have one row per image and {classes} columns, one per class name; "
            f"received shape {probabilities.shape}; a sigmoid output p becomes 1 - p and p"
        ]
    if probabilities.dtype.kind not in "fiu":
        return [f"probabilities must be plain floats, received dtype {probabilities.dtype}"]
    # In float64, because a sum of float16 numbers is itself off by more than the tolerance.
    sums = probabilities.sum(axis=1, dtype=np.float64)
    broken = ~np.isfinite(probabilities).all(axis=1)
    outside = ~broken & ((probabilities < 0) | (probabilities > 1 + _ROW_SUM_TOLERANCE)).any(axis=1)
    uneven = ~broken & ~outside & (np.abs(sums - 1) > _ROW_SUM_TOLERANCE)
    return [
        f"{rows.sum()} of {len(rows)} rows of probabilities (the first is row {rows.argmax()}, "
        f"with the sum {sums[rows.argmax()]:.4g}) {complaint}"
        for rows, complaint in (
            (broken, "hold NaN or infinity; did the training diverge?"),
            (outside, "hold values outside 0..1; are these logits? Apply softmax"),
            (uneven, "do not sum to 1; apply softmax, not one sigmoid per class"),
        )
        if rows.any()
    ]


def _count_among_top5(labels: NDArray[np.integer], probabilities: NDArray[np.floating]) -> int:
    # Not sklearn's top_k_accuracy_score: between equals it prefers the last class and argmax the
    # first, so that a correct prediction could be missing from its top five.
    top5 = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    return int((top5 == labels[:, None]).sum())


def _log_loss(labels: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float:
    from sklearn.metrics import log_loss

    # Exact sums, because sklearn warns at a difference of 1.5e-8 and float32 softmax has more.
    # Only here: for the ranking of ROC AUC, rounding could split what is equal.
    normalised = probabilities / probabilities.sum(axis=1, keepdims=True)
    return float(log_loss(labels, normalised, labels=np.arange(probabilities.shape[1])))


def _roc_auc(labels: NDArray[np.integer], probabilities: NDArray[np.floating]) -> float | None:
    from sklearn.metrics import roc_auc_score

    present = np.unique(labels)
    if len(present) < 2:
        return None
    # Not multi_class="ovr": it is undefined as soon as one class has no images.
    ranked = [1] if probabilities.shape[1] == 2 else present.tolist()
    return float(np.mean([roc_auc_score(labels == one, probabilities[:, one]) for one in ranked]))
