"""What the page of a run says, as values for its template."""

import shlex
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from vgg_transfer.doctor.catalogue import entry_of
from vgg_transfer.doctor.diagnose import diagnose
from vgg_transfer.evaluation import Calibration, Metrics, cautions
from vgg_transfer.evaluation.calibration import Confidence, confidence
from vgg_transfer.evaluation.reliability import Bin, by_confidence
from vgg_transfer.evaluation.temperature import Reliability, reliability, tempered
from vgg_transfer.report.html.confusion import confusion_of
from vgg_transfer.report.html.reliability import reliability_drawing
from vgg_transfer.report.html.timeline import rate_in_words, timeline
from vgg_transfer.report.spans import Span, spans_of
from vgg_transfer.run import Run
from vgg_transfer.run.values import as_arrays
from vgg_transfer.words import counted, duration, printable


@dataclass(frozen=True)
class Part:
    """A part of the time that a training took."""

    name: str
    seconds: float
    share: float


def run_page(run: Run) -> dict[str, Any]:
    """Return all that the page of a run shows but its pictures.

    Args:
        run: of any status.
    """
    metrics = run.metrics
    return {
        "run": run,
        "name": printable(run.folder.name),
        "metrics": metrics,
        "held_out": {"test": "test images", "val": "validation images"}.get(run.judged_on, ""),
        "beats": metrics is not None and _beats(metrics),
        "cautions": cautions(metrics) if metrics else (),
        "confusion": confusion_of(metrics) if metrics else None,
        "timeline": timeline(run),
        "stages": [_stage(span) for span in spans_of(run)],
        "views_known": any(one.views for one in run.stages),
        "time": _parts_of_time(run),
        "saved": _what_the_store_saved(run),
        "advice": [one.said for one in run.advice],
        "promises": _promises(run) if run.judged else None,
        "findings": _findings(run),
        "command": command_of(run),
        "images_in_words": _images_in_words(run),
    }


@dataclass(frozen=True)
class Promises:
    """How far probabilities can be believed: as they are, and at the run's temperature."""

    drawing: Markup
    bins: tuple[Bin, ...]
    confidence: Confidence
    before: Reliability
    after: Reliability | None
    calibration: Calibration | None


def _promises(run: Run) -> Promises:
    labels, chances = as_arrays(run.judged, run.class_names)
    right = (chances.argmax(axis=1) == labels).tolist()
    sure = chances.max(axis=1).tolist()
    bins, after = by_confidence(sure, right), None
    kept: tuple[Bin, ...] = ()
    # What was fitted on the images themselves says nothing about others.
    calibration = run.calibration if run.judged_on == "test" else None
    if calibration is not None:
        at = tempered(chances, calibration.temperature)
        after, kept = reliability(labels, at), by_confidence(at.max(axis=1).tolist(), right)
    return Promises(
        reliability_drawing(bins, kept),
        bins,
        confidence(sure, right),
        reliability(labels, chances),
        after,
        calibration,
    )


def command_of(run: Run) -> str:
    """Return the command that does the same training once more."""
    folder = run.folder.absolute()
    data = run.image_set.root or "DATA"
    words = ["vgg-transfer", "train", data, "--recipe", f"{folder / 'recipe.toml'}"]
    words += ["--splits", f"{folder / 'images.csv'}", "--seed", f"{run.seed}"]
    if run.begun is not None and not run.begun.cache:
        words.append("--no-cache")
    return printable(shlex.join(words))


def _beats(metrics: Metrics) -> bool:
    """Whether the result is told from always answering the largest class."""
    return metrics.accuracy_interval.low > metrics.majority_baseline


def _stage(span: Span) -> dict[str, str]:
    rates = [rate for epoch in span.epochs for rate in epoch.rates.values()]
    low, high = (min(rates), max(rates)) if rates else (0.0, 0.0)
    least = rate_in_words(low) if low > high / 1000 else "0"
    falls = f"{rate_in_words(high)} to {least}" if low < high else rate_in_words(high)
    return {
        "number": f"{span.outcome.stage}",
        "title": span.outcome.title,
        "epochs": "" if span.is_solved else f"{len(span.epochs)}",
        "rate": falls if rates else "none",
        "views": span.outcome.views or "not recorded",
        "ended": span.outcome.ended,
        "kept": span.kept,
        "time": duration(span.outcome.seconds),
    }


def _parts_of_time(run: Run) -> list[Part]:
    """Return where the time went, in the order in which it passed, those of nothing left out."""
    filling = sum(one.seconds for one in run.filled)
    stages = sum(one.seconds for one in run.stages)
    whole = max(run.seconds, stages, 1e-9)
    parts = {
        "frozen blocks, once": filling,
        "training and validating": max(stages - filling, 0.0),
        "preparing, judging, saving": max(run.seconds - stages, 0.0),
    }
    return [Part(name, one, one / whole) for name, one in parts.items() if one > 0]


def _what_the_store_saved(run: Run) -> str:
    """Say how often stored activations were read, and what computing them would have taken."""
    computed = sum(one.computed for one in run.filled)
    seconds = sum(one.seconds for one in run.filled)
    each = run.image_set.count("train") + run.image_set.count("val")
    epochs = sum(len(span.epochs) for span in spans_of(run) if span.outcome.views != "fresh")
    read = epochs * each
    if not run.filled or not read:
        return ""
    if not computed:
        return (
            "All that frozen blocks give was stored by earlier trainings; without it images would "
            f"have gone through them {read:,} times."
        )
    said = (
        f"Images went through the frozen blocks {computed:,} times; without the store it would "
        f"have been {read:,} times"
    )
    if read <= computed:
        return f"{said}: it saved nothing in so few epochs."
    return f"{said}. That saved about {duration((read - computed) * seconds / computed, 'rough')}."


def _findings(run: Run) -> list[dict[str, str]]:
    found = []
    for one in diagnose(run, model=False).findings:
        entry = entry_of(one.code)
        found.append(
            {
                "severity": one.severity,
                "what": entry.what if entry else "",
                "where": one.where,
                "seen": one.seen,
                "why": entry.why if entry else "",
                "remedy": one.remedy,
            }
        )
    return found


def _images_in_words(run: Run) -> str:
    images = run.image_set
    splits = ", ".join(f"{images.count(split):,} {split}" for split in images.counts)
    classes = counted(len(run.class_names), "class")
    return f"{printable(images.source)}: {splits} images of {classes}"
