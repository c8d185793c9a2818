"""Predictions as CSV and JSON: one row or one object per file, unreadable ones included."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vgg_transfer.cli.new_file import write_new
from vgg_transfer.words import inert

if TYPE_CHECKING:
    from vgg_transfer.cli.json.answers import PredictAnswer
    from vgg_transfer.run import Prediction, Run

ENDINGS = (".csv", ".json")


def write(
    out: Path, run: "Run", predictions: "Sequence[Prediction]", top: int, raw: bool = False
) -> None:
    """Write predictions; the file appears complete or not at all, and never over another one.

    Args:
        out: where to; the ending says what is written.
        run: whose predictions they are.
        predictions: of all files.
        top: how many of the likeliest classes.
        raw: whether names stand in a CSV as they are, even where a spreadsheet would take one for a
            formula. [default: those are put behind an apostrophe]
    """
    if out.suffix.lower() == ".csv":
        text = _as_csv(predictions, top, str if raw else inert)
    else:
        from vgg_transfer.cli.json import as_text

        text = as_text(answer(run, predictions, top)) + "\n"

    def write_text(partial: Path) -> None:
        # File names may hold bytes that are no text: surrogateescape writes them as they were.
        partial.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")

    write_new(out, ENDINGS, write_text)


def answer(run: "Run", predictions: "Sequence[Prediction]", top: int) -> "PredictAnswer":
    """Return what JSON holds: for each file its ``top`` likeliest classes."""
    from vgg_transfer.cli.json.answers import Likely, PredictAnswer, PredictedFile

    return PredictAnswer(
        run.folder.absolute(),
        tuple(
            PredictedFile(
                str(each.path),
                each.label,
                tuple(Likely(name, share) for name, share in _likeliest(each, top)),
                each.error,
                each.possible,
                each.sure,
                each.familiar,
            )
            for each in predictions
        ),
    )


def _as_csv(predictions: "Sequence[Prediction]", top: int, shown: Callable[[str], str]) -> str:
    classes = max(len(each.probabilities) for each in predictions)
    numbers = ["", *(f"_{rank}" for rank in range(2, min(top, classes) + 1))]
    pairs = [f"{word}{number}" for number in numbers for word in ("class", "probability")]
    text = io.StringIO()
    rows = csv.writer(text)
    asked = [
        name
        for name in ("possible", "sure", "familiar")
        if any(getattr(each, name) is not None for each in predictions)
    ]
    rows.writerow(["path", *pairs, *asked, "error"])
    for each in predictions:
        found = [cell for name, share in _likeliest(each, top) for cell in (shown(name), share)]
        empty = [""] * len(pairs)
        extra = [shown(_cell(getattr(each, name))) for name in asked]
        rows.writerow([shown(str(each.path)), *(found or empty), *extra, shown(each.error or "")])
    return text.getvalue()


def _cell(said: tuple[str, ...] | bool | None) -> str:
    """Return several classes divided by bars, or yes or no; nothing where nothing is said."""
    if said is None:
        return ""
    return " | ".join(said) if isinstance(said, tuple) else ("no", "yes")[said]


def _likeliest(each: "Prediction", top: int) -> list[tuple[str, float]]:
    return list(each.probabilities.items())[:top]
