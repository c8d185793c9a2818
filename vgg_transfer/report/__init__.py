"""TO LOOK AT: figures, drawn from values that other rooms computed.

``html`` writes a run or a comparison as one HTML file. ``plots`` is the one door to all figures;
``draw_figure`` draws one by its name; ``draw_into_folder`` and ``draw_trials`` those that every
run folder keeps.
``augmentation_sheet(recipe, records, class_names, views)`` shows what a recipe does to chosen
images; ``write_figure`` puts a figure into a file.
"""

from vgg_transfer.report.figures.augmentation import (
    augmentation_sheet,
    not_shown,
    some_of_each_class,
)
from vgg_transfer.report.figures.named import (
    draw_figure,
    draw_into_folder,
    draw_trials,
    figure_named,
)
from vgg_transfer.report.figures.page import write_figure

__all__ = [
    "augmentation_sheet",
    "draw_figure",
    "draw_into_folder",
    "draw_trials",
    "figure_named",
    "not_shown",
    "some_of_each_class",
    "write_figure",
]
