"""What a run's model says of pictures, as rows of numbers; a batch is decoded at a time."""

import atexit
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from contextlib import closing
from functools import cache
from typing import Any
from weakref import WeakSet

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import averaged
from vgg_transfer.deploy.model import damaged, model_of
from vgg_transfer.events import ImagesCounted, Listener
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.feed import feed
from vgg_transfer.images.flow import Flow
from vgg_transfer.images.pictures import Given
from vgg_transfer.network.probabilities import of_all_classes
from vgg_transfer.recipe import Averaging, Recipe
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.run import Run

Answer = NDArray[np.float32] | Undecodable
Ask = Callable[[Any], NDArray[np.float32]]


def judge(
    run: Run,
    pictures: Sequence[Given],
    averaging: Averaging,
    listen: Listener,
    blocks: Sequence[str] = (),
) -> list[Answer]:
    """Return the model's class probabilities for each picture, or why it cannot be read.

    Args:
        run: whose model is asked.
        pictures: what is judged.
        averaging: over which renderings of a picture.
        listen: hears ``ImagesCounted``.
        blocks: behind the probabilities come the outputs of these blocks, each averaged over space
            and brought to length 1. [default: none]
    """
    each = judge_each(asking(run, blocks), run.recipe, pictures, averaging, listen)
    return [answer for _, answer in each]


def judge_each(
    ask: Ask, recipe: Recipe, pictures: Iterable[Given], averaging: Averaging, listen: Listener
) -> Iterator[tuple[Given, Answer]]:
    """Yield every picture with the row of numbers that is answered for it, or why there is none.

    Pictures are drawn as they are needed, a few batches ahead, in a thread of TensorFlow's.

    Args:
        ask: gives a row of numbers for each of a batch of pixels.
        recipe: says how pictures become pixels.
        pictures: what is judged.
        averaging: over which renderings of a picture.
        listen: hears ``ImagesCounted``; how many there are is known of a sequence.
    """
    total = len(pictures) if isinstance(pictures, Sized) else None
    flow = Flow(pictures)
    batches = feed().rendered(flow, recipe, averaging)
    # Closed in this thread, whatever ends it: the batches must not be left to chance.
    with closing(averaged(ask, batches, renderings_of(averaging))) as rows:
        _unfinished().add(rows)
        for number, row in rows:
            yield from flow.until(number)
            listen(ImagesCounted(number + 1, total))
            yield flow.let_go(), row
    yield from flow.rest()


@cache
def _unfinished() -> WeakSet[Generator[Any, None, None]]:
    """Return what is closed when Python ends, before its threads: TensorFlow's would hang then."""
    each: WeakSet[Generator[Any, None, None]] = WeakSet()

    def close() -> None:
        for rows in list(each):
            rows.close()

    atexit.register(close)
    return each


def asking(run: Run, blocks: Sequence[str] = ()) -> Ask:
    """Return the run's model, from pixels to rows of numbers; it is loaded when first asked.

    Args:
        run: whose model is asked.
        blocks: as ``judge`` takes them. [default: none]
    """

    @cache
    def model() -> keras.Model:
        whole = model_of(run)
        outputs = [whole.get_layer(f"{block}_pool").output for block in blocks]
        pooled = [ops.mean(ops.cast(one, "float32"), axis=(1, 2)) for one in outputs]
        features = [ops.normalize(one, axis=-1) for one in pooled]
        return keras.Model(whole.input, [whole.output, *features]) if blocks else whole

    def ask(pixels: Any) -> NDArray[np.float32]:
        found = model().predict_on_batch(pixels)
        answers, *features = found if blocks else [found]
        row = np.concatenate([of_all_classes(answers), *features], axis=1)
        if not np.isfinite(row).all():
            raise damaged(run, "what it answers is not a number, so its weights are not")
        return row

    return ask
