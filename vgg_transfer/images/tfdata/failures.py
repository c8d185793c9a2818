"""Our own errors, raised inside tf.data, found again when TensorFlow raises one of its own.

What reads files or stores inside tf.data is wrapped by `keeps_errors`, and whoever draws batches by
`own_errors`. An error is found by its text, for want of anything else: TensorFlow calls our Python
in threads of its own, and its C++ hands on class and text of an exception, never the object; which
thread or iterator it came from is lost as well.
"""

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import Any

# Of errors at the same time TensorFlow tells one only: the others stay until they are pushed out.
_kept: deque[Exception] = deque(maxlen=256)
_lock = Lock()


def keeps_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, for `tf.numpy_function`, with every error that it raises kept."""

    @wraps(function)
    def kept(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception as error:
            with _lock:
                _kept.append(error)
            raise

    return kept


def own_error(error: Exception) -> Exception:
    """Return the error of ours that TensorFlow tells of, or the error itself where it is none.

    It is kept no longer then. Where two are told of, one text begins the other: the longer counts.
    """
    told = str(error)
    with _lock:
        same = [one for one in reversed(_kept) if f"{type(one).__name__}: {one}" in told]
        found = max(same, key=lambda one: len(str(one)), default=None)
        if found is None:
            return error
        _kept.remove(found)
    let_go(error)
    return found


def let_go(error: BaseException) -> None:
    """Take apart the batches that an error ended in the middle, and wait until nobody reads them.

    Other threads read ahead. Left to chance, the batches go when such a thread collects garbage,
    and it waits for itself; or when Python ends and stops it, and TensorFlow waits for it for ever.

    Args:
        error: what was raised while they were drawn; its traceback, which holds them, is cleared.
    """
    error.__traceback__ = None
    gc.collect()


@contextmanager
def own_errors() -> Iterator[None]:
    """Raise our own error in place of the one that TensorFlow made of it."""
    try:
        yield
    except op_errors() as error:
        ours = own_error(error)
        if ours is error:
            raise
        raise ours from error


def op_errors() -> tuple[type[Exception], ...]:
    """Return what TensorFlow raises while it computes; nothing where it is not loaded."""
    loaded = sys.modules.get("tensorflow")
    return () if loaded is None else (loaded.errors.OpError,)
