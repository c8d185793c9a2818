"""The report as a file: values and templates in, one page out."""

import base64
import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from vgg_transfer.comparison import Comparison
from vgg_transfer.errors import RunError
from vgg_transfer.events import Listener, nobody
from vgg_transfer.report.html.answers import answers_of
from vgg_transfer.report.html.comparison_page import comparison_page, disagreements_of
from vgg_transfer.report.html.heat import Heat, heat_of
from vgg_transfer.report.html.run_page import run_page
from vgg_transfer.report.html.thumbnails import Thumbnail, thumbnails
from vgg_transfer.run import Run
from vgg_transfer.run.found import look
from vgg_transfer.words import duration, printable
from vgg_transfer.writing import whole_file

_FOR_PICTURES = 3_600_000  # bytes of a page of 5 MB; the rest is for names, numbers and heat
_MOST_DISAGREEMENTS = 200


@dataclass(frozen=True)
class WrittenReport:
    """A report that was written.

    Args:
        file: where it lies.
        size: in bytes.
        pictures: how many it shows.
        moved: how many lie no longer where they were, and have a placeholder.
    """

    file: Path
    size: int
    pictures: int
    moved: int


def write_report(
    subject: Run | Comparison,
    out: Path | str | None = None,
    heatmaps: bool = True,
    listen: Listener = nobody,
) -> WrittenReport:
    """Write a run or a comparison as one HTML file, to be looked at and shown to others.

    It needs no network and nothing beside it. Pictures are small copies; what has moved since the
    training has a placeholder.

    Args:
        subject: from ``vt.train`` or ``vt.read_run``, ``vt.compare`` or ``vt.read_comparison``.
        out: the file; what is there is replaced. Default: ``report.html`` in its folder.
        heatmaps: whether the pictures of a run show what decided their answers, as far as they can
            be believed. Its model is loaded for that. Default: True.
        listen: is called with what happens meanwhile. Default: nobody.

    Returns:
        Where the report is, how large, and how many pictures it shows.

    Raises:
        RunError: the file cannot be written, or there is no folder and no ``out``.
    """
    if out is None and subject.folder is None:
        raise RunError("this comparison has no folder to write report.html into: give out=")
    file = Path(out) if out is not None else Path(subject.folder or "") / "report.html"
    if isinstance(subject, Run):
        page, shown = _of_run(subject, heatmaps, listen)
    else:
        page, shown = _of_comparison(subject)
    try:
        with whole_file(file) as partial:
            # A name may hold bytes that are no text; all that is shown was made printable.
            partial.write_text(page, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunError(f'cannot write "{printable(file)}": {reason}') from error
    missing = [one.missing for one in shown]
    return WrittenReport(file, file.stat().st_size, missing.count(""), missing.count("moved"))


def _of_run(run: Run, heatmaps: bool, listen: Listener) -> tuple[str, tuple[Thumbnail, ...]]:
    told = look(run).record if run.status == "running" else run
    answers = answers_of(told)
    shown = thumbnails([one.photo for one in answers], _FOR_PICTURES)
    both = list(zip(answers, shown, strict=True))
    there = [one for one, small in both if not small.missing]
    heat = heat_of(told, there, listen) if heatmaps else Heat({}, "")
    rows = [one.row(small, heat.shades.get(one.photo.file, "")) for one, small in both]
    data = {
        "kind": "run",
        "key": f"{told.image_set.digest[:16]}-{told.folder.name}",
        "classes": [printable(name) for name in told.class_names],
        "labels": list(told.class_names),
        "images": rows,
    }
    return _page("run.html.jinja", run_page(told) | {"heat": heat}, data), shown


def _of_comparison(comparison: Comparison) -> tuple[str, tuple[Thumbnail, ...]]:
    classes, found = disagreements_of(comparison)
    some = found[:_MOST_DISAGREEMENTS]
    shown = thumbnails([one.photo for one in some], _FOR_PICTURES)
    data = {
        "kind": "comparison",
        "key": comparison.image_set.digest[:16],
        "classes": [printable(name) for name in classes],
        "recipes": [printable(one.name) for one in comparison.standings],
        "images": [one.row(small) for one, small in zip(some, shown, strict=True)],
    }
    values = {**comparison_page(comparison), "disagreements": len(found), "listed": len(some)}
    return _page("comparison.html.jinja", values, data), shown


def _page(template: str, values: dict[str, Any], data: dict[str, Any]) -> str:
    scripts, _, _ = _environment().loader.get_source(_environment(), "page.js")  # type: ignore[union-attr]
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            data=_inert_json(data),
            script=Markup(scripts),
            script_hash=base64.b64encode(sha256(scripts.encode()).digest()).decode(),
        )
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("vgg_transfer.report", "html/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"duration": duration, "printable": printable, "coded": _coded}
    return made


def _coded(sentence: str) -> Markup:
    """Return a sentence whose words between backticks are code."""
    parts = printable(sentence).split("`")
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(one) if n % 2 else one for n, one in enumerate(parts))


def _inert_json(value: object) -> Markup:
    """Return JSON that cannot end the script element it stands in, whatever names it holds."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
