"""The one thread that asks the model: what waits is asked together, and nobody waits for others.

While the model is at work pictures gather, and the next pass takes them all. A picture that comes
alone is asked alone, at once: to wait for company would only cost time.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue

import numpy as np

from vgg_transfer.images.squares import Floats
from vgg_transfer.serving.served import Served

AT_ONCE = 8  # pictures: more make no pass faster on a processor, and fill memory


@dataclass(frozen=True)
class Question:
    """A picture that waits.

    Args:
        square: its pixels, as the model sees them.
        shape: the height and width of its heat; None where that is not asked for.
        answer: comes to hold its row of numbers, and its heat where that was asked for.
    """

    square: Floats
    shape: tuple[int, int] | None
    answer: "Future[tuple[Floats, Floats | None]]"


class ModelThread:
    """A thread that owns a model, from its beginning until ``close``.

    Args:
        served: what is asked.
    """

    def __init__(self, served: Served) -> None:
        self._served = served
        self._waiting: SimpleQueue[Question | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    def ask(
        self, square: Floats, shape: tuple[int, int] | None
    ) -> "Future[tuple[Floats, Floats | None]]":
        """Return what will hold the answer: a row of numbers, and heat of a shape if wanted."""
        answer: Future[tuple[Floats, Floats | None]] = Future()
        self._waiting.put(Question(square, shape, answer))
        return answer

    def close(self) -> None:
        """Answer what waits still, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        is_open = True
        while is_open:
            together = [self._waiting.get()]
            while len(together) < AT_ONCE and together[-1] is not None:
                try:
                    together.append(self._waiting.get_nowait())
                except Empty:
                    break
            is_open = together[-1] is not None
            self._answer(
                [one for one in together if one and one.answer.set_running_or_notify_cancel()]
            )

    def _answer(self, questions: Sequence[Question]) -> None:
        """Ask for all; what goes wrong is told to those who asked, and the thread lives on."""
        if not questions:
            return
        try:
            rows = self._served.rows(np.stack([one.square for one in questions]))
        except BaseException as error:
            for one in questions:
                one.answer.set_exception(error)
            return
        plain = [(one, row) for one, row in zip(questions, rows, strict=True)]
        for one, row in plain:
            if one.shape is None:
                one.answer.set_result((row, None))
        for one, row in plain:  # takes several passes, so the others were first
            if one.shape is not None:
                self._explain(one, row, one.shape)

    def _explain(self, one: Question, row: Floats, shape: tuple[int, int]) -> None:
        try:
            heat = self._served.heat(one.square, shape) if self._served.heat else None
        except BaseException as error:
            one.answer.set_exception(error)
            return
        one.answer.set_result((row, heat))
