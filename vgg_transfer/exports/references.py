"""The pictures that an exported model is checked by, and their answers.

They are chosen so that a wrong model shows: those whose probabilities change most where red and
blue are exchanged, and where pixels are divided by 255, the two faults that models get elsewhere.
Their class is clear, so that no rounding turns it.
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vgg_transfer.artefacts.artefact import GOLDEN, Reference
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.run import Run

REFERENCES = 16
_CANDIDATES = 64  # of photographs
_DRAWN = 32
# A drawn or photographed reference is so much larger than the network's squares: resizing is
# checked with it, and the folder stays small.
_LARGER = 1.25
# How far the likeliest class is ahead of the next: twice what int8 may be off.
_CLEAR = 0.4

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Known:
    """A picture with the probabilities that it must be given."""

    pixels: Pixels
    probabilities: tuple[float, ...]


def choose_references(run: Run, model: keras.Model, photographs: bool = True) -> tuple[Known, ...]:
    """Return pictures that tell a right model from a wrong one, and what the model says of them.

    Args:
        run: its validation images are taken, as far as they can still be read.
        model: from pixels to probabilities, in float32.
        photographs: whether images of the run may be taken. [default: True; else all are drawn]
    """
    candidates = _photographs(run) if photographs else []
    known = _telling(candidates, model)
    if _shows_faults(known, model):
        return known
    return _telling([*candidates, *_patterns(run.recipe.size)], model)


def _telling(candidates: list[Pixels], model: keras.Model) -> tuple[Known, ...]:
    """Return those by which both faults show most, half of them for each."""
    if not candidates:
        return ()
    right = np.stack([_ask(model, one) for one in candidates])
    second, first = np.sort(right, axis=1)[:, -2:].T
    unclear = first - second < _CLEAR
    chosen: list[int] = []
    for wrong in (_exchanged, _divided):
        changes = [
            _change(model, wrong(one), row) for one, row in zip(candidates, right, strict=True)
        ]
        order = np.lexsort((-np.array(changes), unclear)).tolist()  # the clear ones first
        chosen += [one for one in order if one not in chosen][: REFERENCES // 2]
    return tuple(
        Known(candidates[one], tuple(float(share) for share in right[one])) for one in chosen
    )


def _shows_faults(known: tuple[Known, ...], model: keras.Model) -> bool:
    """Return whether there are enough, and either fault would turn the answer to one of them."""
    return len(known) == REFERENCES and all(
        any(
            _change(model, wrong(one.pixels), np.array(one.probabilities)) > _CLEAR for one in known
        )
        for wrong in (_exchanged, _divided)
    )


def _exchanged(pixels: Pixels) -> NDArray[np.generic]:
    return pixels[..., ::-1]


def _divided(pixels: Pixels) -> NDArray[np.generic]:
    return pixels / 255


def _change(model: keras.Model, pixels: NDArray[np.generic], right: NDArray[np.floating]) -> float:
    return float(np.abs(_ask(model, pixels) - right).max())


def write_references(known: tuple[Known, ...], folder: Path) -> tuple[Reference, ...]:
    """Write pictures as PNG into ``golden`` below a folder, and return what an artefact lists."""
    (folder / GOLDEN).mkdir()
    references = []
    for number, one in enumerate(known):
        name = f"{number:02}.png"
        Image.fromarray(one.pixels).save(folder / GOLDEN / name)
        references.append(Reference(name, one.probabilities))
    return tuple(references)


def _ask(model: keras.Model, pixels: NDArray[np.generic]) -> NDArray[np.float32]:
    batch = np.asarray(pixels, np.float32)[np.newaxis]
    found: NDArray[np.float32] = np.asarray(model.predict_on_batch(batch))[0]
    return found


def _photographs(run: Run) -> list[Pixels]:
    """Return validation images, evenly over all, as far as they can be read."""
    rows = run.split("val") or run.split("test")
    number = min(_CANDIDATES, len(rows))
    found = []
    for row in (rows[place * len(rows) // number] for place in range(number)):
        try:
            found.append(_smaller(decode(Path(run.image_set.root) / row.path), run.recipe.size))
        except Undecodable:
            continue  # moved or changed since: the others are enough
    return found


def _smaller(pixels: Pixels, size: int) -> Pixels:
    height, width, _ = pixels.shape
    factor = size * _LARGER / min(height, width)
    if factor >= 1:
        return pixels
    sides = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(pixels).resize(sides, Image.Resampling.BOX))


def _patterns(size: int) -> list[Pixels]:
    """Return coloured patterns, the same for every run: soft spots on a coloured ground."""
    rng = np.random.default_rng(0)
    height, width = round(size * _LARGER), round(size * _LARGER * 1.2)
    found = []
    for _ in range(_DRAWN):
        spots = rng.integers(0, 256, (rng.integers(2, 9), rng.integers(2, 9), 3)).astype(np.uint8)
        picture = Image.fromarray(spots).resize((width, height), Image.Resampling.BICUBIC)
        found.append(np.asarray(picture))
    return found
