"""What an exported model says of pictures: they are decoded in threads while it computes."""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np

from vgg_transfer.artefacts.classifier import Classifier, Floats
from vgg_transfer.events import ImagesCounted, Listener
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.squares import square
from vgg_transfer.run.values import Prediction

_AT_ONCE = 16  # pictures
_AHEAD = 2  # batches that are decoded while one is answered for

_Square = Floats | Undecodable


def answer_each(
    classifier: Classifier, pictures: Iterable[Given], listen: Listener
) -> Iterator[Prediction]:
    """Yield what is on each picture, in the order given; a few batches are in memory.

    Args:
        classifier: is asked.
        pictures: are drawn as they are needed.
        listen: hears ``ImagesCounted``; how many there are is known of a sequence.
    """
    total = len(pictures) if isinstance(pictures, Sized) else None
    done = 0
    for batch in _decoded(classifier, pictures):
        readable = [one for _, one in batch if not isinstance(one, Undecodable)]
        rows = iter(classifier.probabilities(np.stack(readable)) if readable else ())
        for picture, one in batch:
            done += 1
            listen(ImagesCounted(done, total))
            if isinstance(one, Undecodable):
                yield Prediction(picture.path, None, {}, str(one))
            else:
                yield _prediction(picture, classifier.class_names, next(rows))


def _decoded(
    classifier: Classifier, pictures: Iterable[Given]
) -> Iterator[list[tuple[Given, _Square]]]:
    """Yield batches of squares, or why there is none; the next batches are on their way."""

    def decode(picture: Given) -> _Square:
        try:
            return square(picture.pixels(classifier.size), classifier.size, classifier.resize)
        except Undecodable as reason:
            return reason

    left = iter(pictures)
    waiting: deque[list[tuple[Given, Future[_Square]]]] = deque()
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        try:
            while True:
                while len(waiting) <= _AHEAD and (some := list(islice(left, _AT_ONCE))):
                    waiting.append([(one, threads.submit(decode, one)) for one in some])
                if not waiting:
                    return
                yield [(picture, square.result()) for picture, square in waiting.popleft()]
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _prediction(picture: Given, class_names: tuple[str, ...], row: Floats) -> Prediction:
    order = np.argsort(-row, kind="stable")
    shares = {class_names[label]: float(row[label]) for label in order}
    return Prediction(picture.path, next(iter(shares)), shares)
