"""Our own errors, raised inside tf.data, found again when TensorFlow raises one of its own.

TensorFlow runs our Python in its threads and hands on the text of an error only. So what reads
files or stores in there is wrapped by `keeps_errors`, and whoever draws batches by `own_errors`.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import tensorflow as tf

# As many as threads may fail at the same time, and more; each tells of one file or one row.
_kept: deque[Exception] = deque(maxlen=256)


def keeps_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, for `tf.numpy_function`, with every error that it raises kept."""

    @wraps(function)
    def kept(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception as error:
            _kept.append(error)
            raise

    return kept


def own_error(error: Exception) -> Exception:
    """Return the error of ours that TensorFlow tells of, or the error itself where it is none."""
    told = str(error)
    same = (one for one in reversed(_kept) if f"{type(one).__name__}: {one}" in told)
    return next(same, error)


@contextmanager
def own_errors() -> Iterator[None]:
    """Raise our own error in place of the one that TensorFlow made of it."""
    try:
        yield
    except tf.errors.OpError as error:
        ours = own_error(error)
        if ours is error:
            raise
        raise ours from error
