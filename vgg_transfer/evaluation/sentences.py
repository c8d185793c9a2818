"""Numbers in words: a result in one line or by class, its cautions, and verdicts on recipes."""

import math
from collections.abc import Sequence

from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.evaluation.metrics import Metrics
from vgg_transfer.evaluation.pairs import Pair
from vgg_transfer.words import counted, listed

_FEW_IMAGES = 30
# Balanced accuracy is said where the largest class has more than this many times the smallest.
_UNEVEN = 1.5


def describe(metrics: Metrics) -> str:
    """Return the result in one line: accuracy with its 95 % interval, and what it has to beat.

    Balanced accuracy is added where classes differ much in their number of images.

    Args:
        metrics: what ``evaluate`` returned.
    """
    parts = [f"accuracy {accuracy_with_interval(metrics)} on {counted(metrics.images, 'image')}"]
    if _several_classes(metrics):
        parts[0] += f' (always "{metrics.majority_class}": {metrics.majority_baseline:.1%})'
    if metrics.top5 is not None and metrics.top5_interval is not None:
        parts.append(f"top-5 {metrics.top5:.1%} {metrics.top5_interval}")
    if _uneven(metrics):
        interval = metrics.balanced_accuracy_interval
        known = f" {interval}" if interval else ""
        parts.append(f"balanced accuracy {metrics.balanced_accuracy:.1%}{known}")
    parts.append(f"macro F1 {metrics.macro_f1:.2f}")
    if metrics.roc_auc is not None:
        parts.append(f"ROC AUC {metrics.roc_auc:.3f}")
    return ", ".join(parts)


def accuracy_with_interval(metrics: Metrics) -> str:
    """Return the accuracy and its 95 % interval in percent: ``83.3% [43.6, 97.0]``."""
    return f"{metrics.accuracy:.1%} {metrics.accuracy_interval}"


def images_judged(metrics: Metrics, split: str) -> str:
    """Return ``on 1,200 test images``: how many images were evaluated, of which split."""
    return f"on {metrics.images:,} {split} image{'s' * (metrics.images > 1)}"


def table(metrics: Metrics) -> str:
    """Return one aligned line per class, then the three most frequent confusions as sentences.

    Args:
        metrics: what ``evaluate`` returned.
    """
    whole = [one.name for one in metrics.per_class]
    names = [name if len(name) <= 24 else f"{name[:23]}…" for name in whole]
    width = max(len(name) for name in ["class", *names])
    lines = [f"{'class':<{width}}  images  precision  recall    F1"]
    for name, one, was_predicted in zip(names, metrics.per_class, _predicted(metrics), strict=True):
        # Macro F1 counts a class that has images or was predicted; of others nothing is known.
        shares = [
            f"{one.precision:.2f}" if one.images or was_predicted else "-",
            f"{one.recall:.2f}" if one.images else "-",
            f"{one.f1:.2f}" if one.images or was_predicted else "-",
        ]
        lines.append(
            f"{name:<{width}}  {one.images:>6}  {shares[0]:>9}  {shares[1]:>6}  {shares[2]:>4}"
        )
    return "\n".join([*lines, "", *_confusion_sentences(metrics)])


def cautions(metrics: Metrics) -> tuple[str, ...]:
    """Return what a careful reader should know before believing the numbers, in sentences.

    Args:
        metrics: what ``evaluate`` returned.
    """
    found = []
    interval, baseline = metrics.accuracy_interval, metrics.majority_baseline
    answer = f'always answering "{metrics.majority_class}" ({baseline:.1%})'
    # Of a single class any answer would be the majority's.
    comparable = _several_classes(metrics)
    if comparable and interval.high < baseline:
        found.append(f"Accuracy {metrics.accuracy:.1%} is worse than {answer}.")
    elif comparable and interval.low <= baseline:
        shown = accuracy_with_interval(metrics)
        found.append(f"Accuracy {shown} is not distinguishable from {answer}.")
    if metrics.images < _FEW_IMAGES:
        known = f"The accuracy is known to about ±{50 * (interval.high - interval.low):.0f} points."
        found.append(f"Images evaluated: only {metrics.images}. {known}")
    classes = list(zip(metrics.per_class, _predicted(metrics), strict=True))
    if never := [one.name for one, was_predicted in classes if one.images and not was_predicted]:
        found.append(f"Never predicted: {listed(never, most=3)}.")
    if without := [one.name for one in metrics.per_class if not one.images]:
        found.append(f"Without images, so not measured: {listed(without, most=3)}.")
    return tuple(found)


def verdicts(pairs: Sequence[Pair], images: int, seeds: int) -> tuple[str, ...]:
    """Say of each pair which recipe is better, or what it would take to find out.

    Args:
        pairs: what ``compare_pairs`` returned.
        images: the number of test images.
        seeds: the number of trainings of each recipe. With one or two, a last sentence says what
            that leaves open.
    """
    said = [_verdict(pair, images, seeds, len(pairs)) for pair in pairs]
    if pairs and seeds == 1:
        said.append(
            "with one seed the spread over seeds is unknown: these intervals are about other "
            "images only, and another seed may turn a verdict"
        )
    elif pairs and seeds == 2:
        said.append(
            "with two seeds the spread over seeds is hardly known, so these intervals are wide: "
            "with three seeds about twice as many differences are found"
        )
    return tuple(said)


def _confusion_sentences(metrics: Metrics) -> list[str]:
    mistakes = [
        (count, true, other)
        for true, row in zip(metrics.per_class, metrics.confusion, strict=True)
        for other, count in zip(metrics.per_class, row, strict=True)
        if count and true is not other
    ]
    # "8 of 100 cats" and not "8 cats": a mistake weighs by how many there were to get wrong.
    return [
        f"{count} of {true.images} {true.name} {'was' if count == 1 else 'were'} "
        f"taken for {other.name}."
        for count, true, other in sorted(mistakes, key=lambda mistake: -mistake[0])[:3]
    ] or ["No image was taken for another class."]


def _predicted(metrics: Metrics) -> list[bool]:
    """Return for each class whether any image was taken for it."""
    return [any(column) for column in zip(*metrics.confusion, strict=True)]


def _several_classes(metrics: Metrics) -> bool:
    return sum(one.images > 0 for one in metrics.per_class) > 1


def _uneven(metrics: Metrics) -> bool:
    counts = [one.images for one in metrics.per_class if one.images]
    return max(counts) > _UNEVEN * min(counts)


def _verdict(pair: Pair, images: int, seeds: int, pairs: int) -> str:
    found = f"{in_points(pair.difference)} points {pair.interval}"
    if pair.distinguishable:
        return f"{pair.first} beats {pair.second} by {found}"
    if pair.equal_within is not None:
        margin = f"{100 * pair.equal_within:g} point{'s' * (pair.equal_within != 0.01)}"
        return f"{pair.first} and {pair.second} are equal within {margin}: they differ by {found}"
    if pair.p_value < 1 - pair.interval.level:
        found += f", which is not enough for one of {pairs} pairs"
    return (
        f"{pair.first} and {pair.second} are not distinguishable with {images:,} test images "
        f"({found}): {_what_it_takes(pair, seeds)}"
    )


def _what_it_takes(pair: Pair, seeds: int) -> str:
    if pair.images_needed is not None:
        return f"about {_rounded_up(pair.images_needed):,} would be needed"
    if seeds == 1 or in_points(pair.difference) == "0.0":
        return "there is no difference to speak of"
    return f"{seeds} seeds differ too much for any number of images; train more seeds"


def _rounded_up(images: int) -> int:
    """Round up to two significant digits."""
    unit = int(10 ** max(len(str(images)) - 2, 0))
    return math.ceil(images / unit) * unit
