"""TO LOOK AT: figures, drawn from values that other rooms computed.

``plots`` is the one door to all of them. ``augmentation_sheet(recipe, records, class_names,
views)`` shows what a recipe does to chosen images; ``write_figure`` puts a figure into a file.
"""

from vgg_transfer.report.figures.augmentation import (
    augmentation_sheet,
    not_shown,
    some_of_each_class,
)
from vgg_transfer.report.figures.page import write_figure

__all__ = ["augmentation_sheet", "not_shown", "some_of_each_class", "write_figure"]
