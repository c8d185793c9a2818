"""Batches of pixels to judge: threads decode each picture once, as it is needed, in order."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.flow import Flow
from vgg_transfer.images.moments import view_seed
from vgg_transfer.images.numbered.changing import changer
from vgg_transfer.images.numbered.numbered import readers
from vgg_transfer.images.squares import square
from vgg_transfer.recipe import Averaging, Recipe

Pixels = NDArray[np.float32]
_AHEAD = 2  # batches


def rendered(flow: Flow, recipe: Recipe, averaging: Averaging) -> Iterator[tuple[Any, Any]]:
    """Yield (numbers of the pictures, pixels 0..255), as ``images.feed`` says."""
    views = averaging if isinstance(averaging, int) else 0
    images = _decoded(flow, recipe, views)
    if views:
        images = _with_views(images, recipe, views)
    for numbers, pixels in _batched(images, recipe.batch_size):
        if averaging == "flip":
            yield np.tile(numbers, 2), np.concatenate([pixels, pixels[:, :, ::-1]])
        else:
            yield numbers, pixels


def _decoded(flow: Flow, recipe: Recipe, views: int) -> Iterator[tuple[int, Any]]:
    """Yield (number, pixels) of what can be read; with views also what their seeds follow from."""

    def decode(number: int) -> Any:
        picture = flow.picture(number)
        try:
            pixels = picture.pixels(recipe.size)
            digest = picture.digest(pixels) if views else ""
        except Undecodable as reason:
            flow.give_up(number, reason)
            return None
        return square(pixels, recipe.size, recipe.resize), digest

    waiting: deque[tuple[int, Future[Any]]] = deque()

    def first() -> Iterator[tuple[int, Any]]:
        number, future = waiting.popleft()
        if (found := future.result()) is not None:
            yield number, found

    try:
        for number in flow.numbers():
            waiting.append((number, readers().submit(decode, number)))
            if len(waiting) >= _AHEAD * recipe.batch_size:
                yield from first()
        while waiting:
            yield from first()
    finally:
        for _, future in waiting:
            future.cancel()


def _with_views(
    images: Iterator[tuple[int, Any]], recipe: Recipe, views: int
) -> Iterator[tuple[int, Any]]:
    """Yield each picture as it is, and its views behind it."""
    change = changer(recipe.augmentation.of_one_image, recipe.size)
    for number, (pixels, digest) in images:
        seeds = np.stack([view_seed(view, digest) for view in range(1, views + 1)])
        changed = np.asarray(change(np.repeat(pixels[None], views, axis=0), seeds))
        yield from ((number, (one, digest)) for one in (pixels, *changed))


def _batched(
    images: Iterator[tuple[int, Any]], size: int
) -> Iterator[tuple[NDArray[np.int64], Pixels]]:
    """Yield batches of numbers and pixels."""
    batch: list[tuple[int, Any]] = []

    def made() -> tuple[NDArray[np.int64], Pixels]:
        numbers = np.array([number for number, _ in batch])
        return numbers, np.stack([pixels for _, (pixels, _) in batch])

    for image in images:
        batch.append(image)
        if len(batch) == size:
            yield made()
            batch = []
    if batch:
        yield made()
