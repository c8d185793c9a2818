"""What is known of a training before it: from its recipe and the list of its images.

Nothing is measured that listing the images has not measured already, but the pixels of a few of
them: so it takes a part of a second, whatever the training takes.
"""

from vgg_transfer.doctor.images.classes import find_class_faults
from vgg_transfer.doctor.images.duplicates import copies, find_duplicates
from vgg_transfer.doctor.images.files import find_nested, find_unreadable
from vgg_transfer.doctor.images.pixels import pixel_range
from vgg_transfer.doctor.images.quality import find_small_pictures
from vgg_transfer.doctor.recipes import RecipeCase, examine_recipe
from vgg_transfer.finding import Finding
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe


def examine_before(recipe: Recipe, image_set: ImageSet) -> tuple[Finding, ...]:
    """Return what is wrong with a recipe for these images, and with the images, cheap checks only.

    What the recipe and the reading of the images say themselves (``recipe.findings``,
    ``image_set.findings``) is not said again.

    Args:
        recipe: what is to be done.
        image_set: what it is to be done with.
    """
    records, names = image_set.records, image_set.class_names
    case = RecipeCase(recipe, image_set.used().counts, pixel_range(records))
    found = (
        *examine_recipe(case),
        *find_unreadable(image_set.skipped),
        *find_nested(image_set),
        *find_class_faults(image_set.counts()["train"]),
        *find_small_pictures(records, names, recipe.size),
        *find_duplicates(records, names, copies(records, ())),
    )
    known = {*recipe.findings, *image_set.findings}
    return tuple(one for one in found if one not in known)
