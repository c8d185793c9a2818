"""What augmentation does to images: a sheet with a row per image and a column per view."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.images import ImageRecord, ImageSet
from vgg_transfer.recipe import Recipe, augmentation_names, named_augmentation
from vgg_transfer.report.figures.sheet import Caption, SheetRow, draw_sheet

_LARGEST = 320  # pixels of a picture on the sheet; more would not be seen
_RESIZED = {"squash": "squashed to a square", "crop": "cropped to a square", "pad": "with bars"}


def contact_sheet(
    recipe: Recipe, image_set: ImageSet, images: int = 6, views: int = 8, seed: int = 0
) -> Figure:
    """Draw what a recipe's augmentation does to training images of each class.

    Each row is an image: plain first, then its augmented views, the very ones that a training
    stores.

    Args:
        recipe: whose augmentation, size and resizing are shown.
        image_set: whose training images are drawn from, as evenly by class as they allow.
        images: the number of rows. Default: 6.
        views: the number of augmented views of each image. Default: 8.
        seed: decides which images are shown. Default: 0.

    Raises:
        ImageSetError: an image cannot be read any more.
    """
    records = some_of_each_class(image_set.split("train"), images, seed)
    return augmentation_sheet(recipe, records, image_set.class_names, views)


def some_of_each_class(
    records: Sequence[ImageRecord], number: int, seed: int
) -> tuple[ImageRecord, ...]:
    """Choose images as evenly from the classes as these allow.

    Args:
        records: the images to choose from.
        number: how many to choose; all, where there are fewer.
        seed: decides which.

    Returns:
        The images chosen, sorted by class.
    """
    places = list(range(len(records)))
    random.Random(seed).shuffle(places)
    turns: dict[int, int] = {}
    before: Counter[int] = Counter()
    for place in places:
        turns[place] = before[records[place].label]
        before[records[place].label] += 1
    chosen = sorted(turns, key=lambda place: turns[place])[:number]
    return tuple(records[place] for place in sorted(chosen, key=lambda p: (records[p].label, p)))


def augmentation_sheet(
    recipe: Recipe, records: Sequence[ImageRecord], class_names: Sequence[str], views: int
) -> Figure:
    """Draw chosen images, plain and in views 1, 2, …, the very ones that a training stores.

    Args:
        recipe: whose augmentation, size and resizing are shown.
        records: the images, one row each.
        class_names: of the image set they are from.
        views: the number of augmented views of each image.

    Raises:
        ImageSetError: an image cannot be read any more.
    """
    heads = ["plain", *(f"view {number}" for number in range(1, views + 1))]
    rows = [
        SheetRow(record.path.name, class_names[record.label], pictures)
        for record, pictures in zip(records, _rendered(recipe, records, views), strict=True)
    ]
    same = [
        name for name in augmentation_names() if named_augmentation(name) == recipe.augmentation
    ]
    title = f"Augmentation: {same[0]}" if same else f"Augmentation of the recipe {recipe.name}"
    seen = (
        f"Images as the network sees them: {recipe.size} × {recipe.size} pixels, "
        f"{_RESIZED[recipe.resize]}. Every view is the one that a training stores."
    )
    return draw_sheet(
        rows, heads, Caption(title, recipe.augmentation.in_words, (seen, *not_shown(recipe)))
    )


def not_shown(recipe: Recipe) -> tuple[str, ...]:
    """Return, in sentences, what a training does to images that no sheet shows.

    Args:
        recipe: the one whose augmentation is shown.
    """
    notes = []
    mixing = [name for name in ("mixup", "cutmix") if getattr(recipe.augmentation, name)]
    if mixing:
        notes.append(
            f"Not shown: {' and '.join(mixing)}. The images of a batch are mixed in training only."
        )
    own = [str(n) for n, stage in enumerate(recipe.stage, start=1) if stage.augmentation]
    if own:
        notes.append(f"Not shown: stage {' and '.join(own)} has an augmentation of its own.")
    return tuple(notes)


def _rendered(
    recipe: Recipe, records: Sequence[ImageRecord], views: int
) -> list[tuple[NDArray[np.uint8], ...]]:
    """Return for each image its plain picture and its views, small enough for a sheet."""
    # Imported here: to look at a run needs no TensorFlow.
    from vgg_transfer.images.batch_form import BatchForm
    from vgg_transfer.images.feed import feed
    from vgg_transfer.images.tfdata.failures import own_errors

    numbers = range(views + 1)
    # One at a time: only what is shown is kept, however large the network's images are.
    batches = feed().rendered_batches(
        [record for record in records for _ in numbers],
        [number for _ in records for number in numbers],
        recipe.augmentation,
        BatchForm(recipe.size, recipe.resize, batch_size=1),
    )
    side = min(recipe.size, _LARGEST)
    pictures = []
    with own_errors():
        for batch in batches:
            picture = Image.fromarray(np.round(np.asarray(batch)[0]).astype(np.uint8))
            pictures.append(np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS)))
    each = len(numbers)
    return [tuple(pictures[row : row + each]) for row in range(0, len(pictures), each)]
