"""All figures: ``vt.plots``. Each function returns a matplotlib figure, which a notebook shows.

    vt.plots.history(run)
    vt.plots.confusion(run)
    vt.plots.accuracy_against_cost(comparison)
    vt.plots.contact_sheet(recipe, images)
    vt.plots.write_figure(figure, "figure.png")

They are made of matplotlib's objects alone: no pyplot, nothing global, nothing left behind.
"""

from matplotlib.figure import Figure

from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe
from vgg_transfer.report.figures.augmentation import augmentation_sheet, some_of_each_class
from vgg_transfer.report.figures.confusion import confusion
from vgg_transfer.report.figures.cost import accuracy_against_cost
from vgg_transfer.report.figures.history import history
from vgg_transfer.report.figures.page import write_figure

__all__ = ["accuracy_against_cost", "confusion", "contact_sheet", "history", "write_figure"]


def contact_sheet(
    recipe: Recipe, image_set: ImageSet, images: int = 6, views: int = 8, seed: int = 0
) -> Figure:
    """Draw what a recipe's augmentation does to training images of each class.

    Each row is an image: plain first, then ``views`` augmented views of it, the very ones that a
    training stores. ``seed`` decides which images are shown.
    """
    records = some_of_each_class(image_set.split("train"), images, seed)
    return augmentation_sheet(recipe, records, image_set.class_names, views)
