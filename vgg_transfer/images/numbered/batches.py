"""Batches of images and of stored rows by number: read by threads, changed on the device."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.images.batch_form import BatchForm, Encode, Picture, steps_per_epoch
from vgg_transfer.images.image_set import ImageRecord
from vgg_transfer.images.moments import (
    BEGINNING,
    StageSeed,
    Start,
    mixing_seed,
    seed_words,
    view_seed,
)
from vgg_transfer.images.numbered.changing import changer, mixed
from vgg_transfer.images.numbered.numbered import Making, Numbered
from vgg_transfer.images.numbered.placing import rows_read
from vgg_transfer.images.order import Sampling, draw
from vgg_transfer.images.squares import square
from vgg_transfer.images.stored_rows import StoredRows, as_computed
from vgg_transfer.images.unchanged import unchanged_pixels
from vgg_transfer.recipe import Augmentation

Numbers = NDArray[np.int64]


def plain_batches(
    records: Sequence[Picture], form: BatchForm, is_mirrored: bool = False
) -> Numbered:
    """Return float32 pixels 0..255, in the order given: unchanged, or left for right."""

    def join(_: int, pixels: list[Any]) -> Any:
        batch = np.stack(pixels)
        return batch[:, :, ::-1] if is_mirrored else batch

    rows, parts = _in_order(len(records), form.batch_size)
    making = Making(rows, parts, _reader(records, form), join)
    return Numbered(making, steps_per_epoch(len(records), form.batch_size))


def validation_batches(records: Sequence[ImageRecord], form: BatchForm, encode: Encode) -> Numbered:
    """Return (pixels, target) of unchanged images in their own order."""
    labels = np.array([record.label for record in records], np.int32)
    rows, parts = _in_order(len(records), form.batch_size)

    def join(number: int, pixels: list[Any]) -> Any:
        return np.stack(pixels), encode(labels[parts(number)])

    making = Making(rows, parts, _reader(records, form), join)
    return Numbered(making, steps_per_epoch(len(records), form.batch_size))


def rendered_batches(
    records: Sequence[Picture], views: Sequence[int], augmentation: Augmentation, form: BatchForm
) -> Numbered:
    """Return images as stored views, in the order given; view 0 is the plain image."""
    change = changer(augmentation.of_one_image, form.size) if any(views) else None
    rows, parts = _in_order(len(records), form.batch_size)

    def join(number: int, pixels: list[Any]) -> Any:
        batch = np.stack(pixels)
        shown = [(views[one], records[one].digest) for one in parts(number)]
        if change is None or not any(view for view, _ in shown):
            return batch
        changed = np.asarray(change(batch, np.stack([view_seed(*one) for one in shown])))
        is_view = np.array([view > 0 for view, _ in shown])
        return np.where(is_view[:, None, None, None], changed, batch)

    making = Making(rows, parts, _reader(records, form), join)
    return Numbered(making, steps_per_epoch(len(records), form.batch_size))


def training_batches(
    records: Sequence[ImageRecord],
    form: BatchForm,
    encode: Encode,
    augmentation: Augmentation,
    stage_seed: StageSeed,
    epochs: int,
    sampling: Sampling = "all",
    start: Start = BEGINNING,
) -> Numbered:
    """Return (pixels, target) of all epochs of a stage, newly augmented in each."""
    labels = [record.label for record in records]
    change = None if augmentation.changes_nothing else changer(augmentation, form.size)
    mix = mixed(augmentation)
    drawn = _Drawn(labels, form.batch_size, sampling, stage_seed, start, mix is not None)
    read = _reader(records, form)

    def join(number: int, pixels: list[Any]) -> Any:
        numbers, before, epoch = drawn.of(number)
        batch: Any = np.stack(pixels)
        if change is not None:
            pairs = zip(numbers.tolist(), before.tolist(), strict=True)
            seeds = [seed_words(stage_seed, epoch, records[n].digest, b) for n, b in pairs]
            batch = change(batch, np.stack(seeds))
        targets = encode(np.array(labels, np.int32)[numbers])
        if mix is None:
            return batch, targets
        return mix(batch, targets, mixing_seed(stage_seed, drawn.done + number))

    making = Making(drawn.rows, lambda number: drawn.of(number)[0].tolist(), read, join)
    return Numbered(making, drawn.left(epochs))


def stored_training_batches(
    rows: StoredRows,
    batch_size: int,
    encode: Encode,
    augmentation: Augmentation,
    stage_seed: StageSeed,
    epochs: int,
    sampling: Sampling = "all",
    start: Start = BEGINNING,
) -> Numbered:
    """Return (rows, target) of all epochs of a stage, in the order of ``training_batches``."""
    mix = mixed(augmentation)
    drawn = _Drawn(rows.labels, batch_size, sampling, stage_seed, start, mix is not None)

    def read(shown: tuple[Numbers, Numbers, int]) -> Any:
        return as_computed(rows.shown(*shown))

    def join(number: int, read: list[Any]) -> Any:
        targets = encode(np.array(rows.labels, np.int32)[drawn.of(number)[0]])
        if mix is None:
            return read[0], targets
        return mix(read[0], targets, mixing_seed(stage_seed, drawn.done + number))

    making = Making(drawn.rows, lambda number: [drawn.of(number)], read, join)
    return Numbered(making, drawn.left(epochs))


def stored_validation_batches(rows: StoredRows, batch_size: int, encode: Encode) -> Numbered:
    """Return (rows, target) of all images, in their order."""
    labels = np.array(rows.labels, np.int32)
    count, in_order = _in_order(len(labels), batch_size)

    def read(numbers: Numbers) -> Any:
        return as_computed(rows.shown(numbers, np.zeros_like(numbers), 0))

    def join(number: int, read: list[Any]) -> Any:
        return read[0], encode(labels[in_order(number)])

    making = Making(count, lambda number: [np.array(in_order(number))], read, join)
    return Numbered(making, steps_per_epoch(len(labels), batch_size))


def timed(batches: Numbered, waited: Callable[[float], None]) -> Numbered:
    """Return the same batches; ``waited`` is told the seconds in which one was awaited."""
    return batches.timed(waited)


class _Drawn:
    """What the batches of a stage hold, by the number of each from where it begins."""

    def __init__(
        self,
        labels: Sequence[int],
        batch_size: int,
        sampling: Sampling,
        stage_seed: StageSeed,
        start: Start,
        whole: bool,
    ) -> None:
        self.images, self.batch_size, self.whole = len(labels), batch_size, whole
        self.steps = steps_per_epoch(len(labels), batch_size)
        self.done = start.epoch * self.steps + start.step

        @lru_cache(maxsize=2)  # a batch that is read ahead may be of the next epoch
        def of_epoch(epoch: int) -> tuple[Numbers, Numbers]:
            return draw(labels, sampling, (stage_seed.seed, stage_seed.stage, epoch))

        self._of_epoch = of_epoch

    def left(self, epochs: int) -> int:
        """Return how many batches there are."""
        return epochs * self.steps - self.done

    def rows(self, number: int) -> int:
        """Return how many images a batch has."""
        return len(self._places(number))

    def of(self, number: int) -> tuple[Numbers, Numbers, int]:
        """Return the images of a batch, how often each came before in its epoch, and the epoch.

        Of a batch that is shared with other processes it is those that are read here, unless the
        whole is needed.
        """
        places = self._places(number)
        part = np.array(places if self.whole else rows_read(places))
        epoch = (self.done + number) // self.steps
        numbers, before = self._of_epoch(epoch)
        return numbers[part], before[part], epoch

    def _places(self, number: int) -> range:
        """Return the places of a batch in its epoch."""
        first = (self.done + number) % self.steps * self.batch_size
        return range(first, min(first + self.batch_size, self.images))


def _in_order(count: int, batch_size: int) -> tuple[Callable[[int], int], Callable[[int], range]]:
    """Return two functions of a batch's number: how many images it has, and those read here."""

    def images(number: int) -> range:
        return range(number * batch_size, min((number + 1) * batch_size, count))

    return lambda number: len(images(number)), lambda number: rows_read(images(number))


def _reader(records: Sequence[Picture], form: BatchForm) -> Callable[[int], NDArray[np.float32]]:
    """Return a function from an image's number to its pixels in the wanted form."""
    return lambda number: square(
        unchanged_pixels(records[number], form.size), form.size, form.resize
    )
