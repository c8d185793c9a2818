"""TO LOOK AT: figures, drawn from values that other rooms computed.

``augmentation_sheet(recipe, records, class_names, views)`` shows what a recipe does to images,
``contact_sheet`` any pictures side by side; ``write_figure`` puts a figure into a file.
"""

from vgg_transfer.report.augmentation import augmentation_sheet, not_shown, some_of_each_class
from vgg_transfer.report.plots import Caption, SheetRow, contact_sheet, write_figure

__all__ = [
    "Caption",
    "SheetRow",
    "augmentation_sheet",
    "contact_sheet",
    "not_shown",
    "some_of_each_class",
    "write_figure",
]
