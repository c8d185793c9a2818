"""Several trials at the same time, told of as if they ran one after another.

Whoever listens hears one trial whole before the next: what happens in a trial while it is not its
turn is kept and told when the turn comes, so a listener need not know that others run beside it.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TypeVar

from vgg_transfer.events import Event, Listener
from vgg_transfer.trials.engines import Engine, ManyAtOnce

_Found = TypeVar("_Found")
_Told = SimpleQueue[Event | None]  # None: the last one was told
_AGAIN = 0.5  # seconds after which what has not ended yet is stopped again


def at_once(engine: Engine) -> int:
    """Return how many trials an engine trains at the same time."""
    return engine.at_once if isinstance(engine, ManyAtOnce) else 1


def in_turn(
    tasks: Sequence[Callable[[Listener], _Found]], engine: Engine, listen: Listener
) -> Iterator[_Found]:
    """Yield what the tasks return, in their order; as many run at once as the engine can train.

    Where one raises, or what is done with its result, the others are stopped first.

    Args:
        tasks: each trains by the engine, and hands events to the listener that it is given.
        engine: an ordinary one runs each task here, in this thread, when it is asked for.
        listen: hears the events of the tasks, in their order.
    """
    if not isinstance(engine, ManyAtOnce) or engine.at_once == 1:
        yield from (task(listen) for task in tasks)
        return
    with ThreadPoolExecutor(engine.at_once) as pool:
        told: list[_Told] = [SimpleQueue() for _ in tasks]
        futures = [pool.submit(_run, task, queue) for task, queue in zip(tasks, told, strict=True)]
        try:
            for future, queue in zip(futures, told, strict=True):
                for event in iter(queue.get, None):
                    listen(event)
                yield future.result()
        finally:
            _end(futures, engine)


def _run(task: Callable[[Listener], _Found], told: _Told) -> _Found:
    try:
        return task(told.put)
    finally:
        told.put(None)


def _end(futures: Sequence["Future[_Found]"], engine: ManyAtOnce) -> None:
    """Begin no more, and stop what runs; a trial may be about to begin, so more than once."""
    for future in futures:
        future.cancel()
    while wait(futures, timeout=0).not_done:
        engine.stop()
        wait(futures, timeout=_AGAIN)
