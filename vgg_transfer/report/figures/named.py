"""Figures by name, of whatever was trained; and those that every run folder gets."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from vgg_transfer.comparison import Comparison
from vgg_transfer.disk import is_there
from vgg_transfer.errors import RunError, VggTransferError, did_you_mean
from vgg_transfer.images.image_set import SPLITS, ImageRecord, ImageSet
from vgg_transfer.report.figures.augmentation import contact_sheet
from vgg_transfer.report.figures.confusion import confusion
from vgg_transfer.report.figures.cost import accuracy_against_cost
from vgg_transfer.report.figures.history import history
from vgg_transfer.report.figures.page import write_figure
from vgg_transfer.run import Run, read
from vgg_transfer.words import excerpt, listed
from vgg_transfer.writing import whole_file


def figure_named(subject: Run | Comparison, name: str | None) -> str:
    """Return the name of a figure of a run or of a comparison; None is the first there is.

    Raises:
        RunError: there is no such figure of it.
    """
    known = _figures_of(subject)
    if name is None:
        return next(iter(known))
    if name not in known:
        what = "run" if isinstance(subject, Run) else "comparison"
        raise RunError(
            f'no figure of a {what} is called "{excerpt(name)}": there are '
            f"{listed(known, quoted=False)}.{did_you_mean(name, known)}"
        )
    return name


def draw_figure(subject: Run | Comparison, name: str) -> Figure:
    """Draw a figure of a run or of a comparison.

    Args:
        subject: what was trained.
        name: as ``figure_named`` returned it.

    Raises:
        VggTransferError: there is nothing to draw, or its images cannot be read any more.
    """
    return _figures_of(subject)[name](subject)


def draw_into_folder(run: Run) -> str:
    """Write history.png and confusion.png into the folder of a run, as far as it has them.

    Nothing that goes wrong here may take away from a training that is done.

    Returns:
        Why a figure is not there; empty where all is well.
    """
    figures: dict[str, Callable[[Run], Figure]] = {}
    if run.history:
        figures["history"] = history
    if run.metrics is not None:
        figures["confusion"] = confusion
    for name, draw in figures.items():
        try:
            with whole_file(run.folder / f"{name}.png") as partial:
                write_figure(draw(run), partial, "png")
        except Exception as error:  # fonts, a full disk: what matplotlib raises has no bounds
            return f"{name}.png is not there: {excerpt(str(error), 200)}"
    return ""


def draw_trials(compared: Comparison) -> str:
    """Write history.png and confusion.png into the runs of a comparison that have none yet.

    Returns:
        Why a figure is not there; empty where all is well.
    """
    if compared.folder is None:
        return ""
    folders = [compared.folder / trial.folder for trial in compared.trials if trial.folder]
    new = [folder for folder in folders if not is_there(folder / "history.png")]
    return next(filter(None, [draw_into_folder(read(folder)) for folder in new]), "")


def _figures_of(subject: Run | Comparison) -> Mapping[str, Callable[[Any], Figure]]:
    if isinstance(subject, Run):
        return {"history": history, "confusion": confusion, "contact-sheet": _sheet}
    return {"accuracy-against-cost": accuracy_against_cost}


def _sheet(run: Run) -> Figure:
    """Draw what the augmentation of a run does to its own training images."""
    if not run.split("train"):
        raise VggTransferError("the record of this run lists no training images to draw")
    place = {name: number for number, name in enumerate(run.class_names)}
    root = Path(run.image_set.root)
    records = tuple(
        ImageRecord(
            root / row.path, place[row.class_name], split, row.digest, row.width, row.height
        )
        for split in SPLITS
        for row in run.split(split)
    )
    return contact_sheet(run.recipe, ImageSet(run.image_set.source, run.class_names, records))
