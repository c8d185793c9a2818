"""Ctrl-C waits for a good moment: between two batches, where nothing is half done.

Python would raise ``KeyboardInterrupt`` wherever it happens to be, in a destructor for example,
where it is lost. Here the first Ctrl-C is remembered and asked for after every batch; a second one
ends at once, as always.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, at a moment where all that was done so far is whole."""


@contextmanager
def ctrl_c_between_batches() -> Iterator[Callable[[], None]]:
    """Remember Ctrl-C; yield the question to ask after each batch, which raises ``Interrupted``.

    Where Ctrl-C was pressed and nobody asked any more, it is raised at the end. Outside of the main
    thread, and where another handler than Python's is at work, nothing changes.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield _nothing
        return
    pressed = False

    def remember(*_: Any) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    def ask() -> None:
        nonlocal pressed
        if pressed:
            pressed = False
            raise Interrupted

    signal.signal(signal.SIGINT, remember)
    try:
        yield ask
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    ask()


def _nothing() -> None:
    """Answer that nothing happened: Ctrl-C comes by itself."""
