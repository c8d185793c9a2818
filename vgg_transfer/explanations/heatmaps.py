"""Heatmaps: where a picture speaks for its class, laid over the picture as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.errors import RunError, did_you_mean
from vgg_transfer.events import ImagesCounted, Listener, nobody
from vgg_transfer.explanations.lens import AT_ONCE, Lens, lens_of, squares_of
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given, given
from vgg_transfer.images.squares import Resize
from vgg_transfer.run import Run
from vgg_transfer.run.values import Pictures
from vgg_transfer.words import listed, printable


@dataclass(frozen=True)
class Heatmap:
    """Where a picture speaks for a class.

    Args:
        path: the file; of a picture in memory its place among what was given: ``"image 1"``.
        of_class: the class that is spoken for; empty where the file cannot be read.
        probability: what the model gives this class.
        values: float32 (height, width) from 0 to 1, the largest is 1, over the whole picture: it
            has its proportions, and the longer side has as many pixels as the network reads. All 0
            where nothing speaks for the class, and where the network does not see the picture.
        error: why the file cannot be read.
    """

    path: Path | str
    of_class: str
    probability: float
    values: NDArray[np.float32]
    error: str | None = None


def heatmaps(
    run: Run,
    pictures: Pictures,
    block: str | None = None,
    of_class: str | None = None,
    listen: Listener = nobody,
) -> Iterator[Heatmap]:
    """Show where pictures speak for their class, by Grad-CAM on the run's model.

    Args:
        run: whose model is looked into.
        pictures: as ``predict`` takes them: files, folders, PIL pictures, arrays.
        block: at whose last convolution, such as ``"block4"``. [default: the last block]
        of_class: the class to speak for. [default: the likeliest of each picture]
        listen: hears ``ImagesCounted``. [default: nobody]

    Returns:
        One for each file or picture, in the order given, each file once, as they are computed. A
        file that cannot be read is among them, with the reason.

    Raises:
        ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
        RecipeError: the model has no such block.
        RunError: the model is missing or damaged, or knows no such class.
    """
    lens, each = lens_of(run, block), given(pictures)
    if of_class is not None and of_class not in run.class_names:
        raise RunError(
            f'the run "{printable(run.folder)}" knows no class "{printable(of_class)}": it knows '
            f"{listed(run.class_names)}.{did_you_mean(of_class, run.class_names)}"
        )
    return _looked_at(lens, each, of_class, listen)


def _looked_at(
    lens: Lens, pictures: Sequence[Given], of_class: str | None, listen: Listener
) -> Iterator[Heatmap]:
    done, run = 0, lens.run
    wanted = None if of_class is None else run.class_names.index(of_class)
    for start in range(0, len(pictures), AT_ONCE):
        batch = pictures[start : start + AT_ONCE]
        read = squares_of(lens, batch)
        squares = [one[0] for one in read if not isinstance(one, Undecodable)]
        if squares:
            labels = None if wanted is None else [wanted] * len(squares)
            maps, shares = lens.look(np.stack(squares), labels)
            found = iter(zip(maps, shares, strict=True))
        for picture, one in zip(batch, read, strict=True):
            done += 1
            listen(ImagesCounted(done, len(pictures)))
            if isinstance(one, Undecodable):
                nothing = np.zeros((1, 1), np.float32)
                yield Heatmap(picture.path, "", 0.0, nothing, str(one))
                continue
            heat, row = next(found)
            label = int(row.argmax()) if wanted is None else wanted
            values = over_picture(heat, one[1], run.recipe.resize, run.recipe.size)
            yield Heatmap(picture.path, run.class_names[label], float(row[label]), values)


def over_picture(
    heat: NDArray[np.float32], shape: tuple[int, int], resize: Resize, size: int
) -> NDArray[np.float32]:
    """Lay a map of the square that the network sees over the picture that it was made of.

    Args:
        heat: the map, square, from 0.
        shape: the height and width of the picture.
        resize: how the picture became square.
        size: of the longer side of what is returned, in pixels.

    Returns:
        Float32 from 0 to 1; the largest value of the map became 1.
    """
    height, width = (max(1, round(side * size / max(shape))) for side in shape)
    if resize == "squash":
        laid = _stretched(heat, height, width)
    elif resize == "crop":  # what was cut off was not seen
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        laid = np.zeros((height, width), np.float32)
        laid[top : top + side, left : left + side] = _stretched(heat, side, side)
    else:
        top, left = (size - height) // 2, (size - width) // 2
        laid = _stretched(heat, size, size)[top : top + height, left : left + width]
    most = float(laid.max())
    return laid / most if most > 0 else laid


def _stretched(heat: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    picture = Image.fromarray(heat.astype(np.float32))
    smooth = picture.resize((width, height), Image.Resampling.BICUBIC)
    return np.maximum(np.asarray(smooth, np.float32), 0.0)
