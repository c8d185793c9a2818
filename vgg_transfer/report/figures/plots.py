"""All figures: ``vt.plots``. Each function returns a matplotlib figure, which a notebook shows.

    vt.plots.history(run)
    vt.plots.confusion(run)
    vt.plots.accuracy_against_cost(comparison)
    vt.plots.contact_sheet(recipe, images)
    vt.plots.write_figure(figure, "figure.png")

They are made of matplotlib's objects alone: no pyplot, nothing global, nothing left behind.
"""

# ruff: noqa: PLC0414 (a name imported as itself is handed on)

# One line for each: what is imported here is public.
from vgg_transfer.report.figures.augmentation import contact_sheet as contact_sheet
from vgg_transfer.report.figures.confusion import confusion as confusion
from vgg_transfer.report.figures.cost import accuracy_against_cost as accuracy_against_cost
from vgg_transfer.report.figures.history import history as history
from vgg_transfer.report.figures.page import write_figure as write_figure

__all__ = [name for name in dir() if not name.startswith("_")]
