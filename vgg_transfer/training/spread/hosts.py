"""The processes that share one training, on this host and on others: JAX joins them.

All run the same program. What could differ between them, a measured number or a folder's name, is
the first one's, which alone writes the run.
"""

import ctypes
import itertools
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import keras

from vgg_transfer.errors import ClusterError
from vgg_transfer.training.spread.last_words import last_words

Value = TypeVar("Value")

HOW_TO_GO_ON = (
    "What was trained is kept in the run folder: once all can be started again, go on by "
    "`vgg-transfer resume RUN --hosts ...`"
)
SECONDS_TO_COME = 300
_SECONDS_TO_NOTICE = 30  # that a process sends no sign of life any more
_SECONDS_TO_LEAVE = 30
_A_WHILE = 10_000  # milliseconds, after which Ctrl-C is heard
_AUTO = "auto"


@dataclass(frozen=True)
class Hosts:
    """The processes of a training.

    Args:
        index: of this one, from 0. [default: 0]
        count: how many there are. [default: 1]
    """

    index: int = 0
    count: int = 1
    _asked: Iterator[int] = field(default_factory=itertools.count, compare=False, repr=False)

    @property
    def is_first(self) -> bool:
        """Whether this is the one that writes and speaks."""
        return self.index == 0

    def told(self, value: Value) -> Value:
        """Return the first process's value, which JSON can hold, in all of them."""
        return self.all_say(value)[0] if self.count > 1 else value

    def all_say(self, value: Value) -> list[Value]:
        """Return every process's value, in their order; each waits for all."""
        if self.count == 1:
            return [value]
        client, number = _client(), next(self._asked)
        client.key_value_set(f"vgg-transfer/{number}/{self.index}", json.dumps(value))
        return [json.loads(self._heard(f"vgg-transfer/{number}/{i}")) for i in range(self.count)]

    @contextmanager
    def first_goes_first(self) -> Iterator[None]:
        """Let the others begin with what is within when the first has done it."""
        if not self.is_first:
            self.all_say(None)
        yield
        if self.is_first:
            self.all_say(None)

    def leave(self) -> None:
        """Wait for nobody any more: the others end when this process does."""
        if self.count > 1:
            _leave_at_once()

    def _heard(self, key: str) -> str:
        while True:
            try:
                return str(_client().blocking_key_value_get(key, _A_WHILE))
            except Exception as error:  # JAX's own class, by the backend's version
                if "DEADLINE_EXCEEDED" not in str(error):
                    raise ClusterError(
                        f"the other processes of this training cannot be reached: {error}"
                    ) from error


ALONE = Hosts()
_joined: ContextVar[Hosts | None] = ContextVar("joined", default=None)


@contextmanager
def joined(hosts: str | None) -> Iterator[Hosts]:
    """Join the processes of a training; they part at the end of the block.

    Args:
        hosts: ``"ADDRESS:PORT,N,I"``: the first process listens there, N come, this one is I, from
            0. ``"auto"``: as Slurm or Open MPI says. None: this process is alone.

    Raises:
        ClusterError: it is none of these, or Keras does not compute with JAX.
    """
    if hosts is None:
        yield ALONE
        return
    wanted = _read(hosts)
    if keras.backend.backend() != "jax":
        raise ClusterError(
            f"one training on several hosts needs JAX, and Keras computes with "
            f"{keras.backend.backend()} here: set the environment variable KERAS_BACKEND=jax on "
            "every host"
        )
    if (already := _joined.get()) is not None:  # by the command line, which asks who speaks
        yield already
        return
    import jax

    with last_words() as say:
        say(
            f"error: not all processes of this training came together ({hosts}) within "
            f"{SECONDS_TO_COME} s: start all of them, with the same address, which the first one "
            "must be reached at"
        )
        _join(wanted)
        group = Hosts(jax.process_index(), jax.process_count())
        say(
            f"error: process {group.index} of 0 to {group.count - 1} has ended, because it or "
            f"another one of them was lost. {HOW_TO_GO_ON}"
        )
        token = _joined.set(group)
        try:
            with nullcontext() if group.is_first else _deaf_to_ctrl_c():
                yield group
        except BaseException:
            group.leave()
            raise
        finally:
            _joined.reset(token)
        jax.distributed.shutdown()  # type: ignore[no-untyped-call]


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Leave Ctrl-C, which a terminal or Slurm sends to all, to the first process: it ends all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _read(hosts: str) -> tuple[str, int, int] | None:
    """Return address, number and index; None where the environment says them."""
    if hosts == _AUTO:
        return None
    parts = hosts.split(",")
    if len(parts) == 3 and ":" in parts[0] and parts[1].isdecimal() and parts[2].isdecimal():
        number, index = int(parts[1]), int(parts[2])
        if index < number:
            return parts[0], number, index
    raise ClusterError(
        f'hosts must be "auto", or ADDRESS:PORT,N,I such as 10.0.0.1:1234,4,0 for the first of 4 '
        f'processes (then 1, 2, 3); received "{hosts}"'
    )


def _join(wanted: tuple[str, int, int] | None) -> None:
    import jax

    address, number, index = wanted or (None, None, None)
    try:
        jax.distributed.initialize(
            address,
            number,
            index,
            initialization_timeout=SECONDS_TO_COME,
            heartbeat_timeout_seconds=_SECONDS_TO_NOTICE,
            shutdown_timeout_seconds=_SECONDS_TO_LEAVE,
        )
    except ValueError as error:
        raise ClusterError(
            "neither Slurm nor Open MPI has started this process, so it does not know the others: "
            f"say --hosts ADDRESS:PORT,N,I ({error})"
        ) from error


def _client() -> Any:
    """Return what the processes tell each other by; JAX has no public name for it."""
    from jax._src import distributed

    return distributed.global_state.client


def _leave_at_once() -> None:
    """Let Python end without waiting for the others, who end when they hear of it."""
    from jax._src import distributed  # jax.distributed has initialize and shutdown, which waits

    state = distributed.global_state
    for one in (state.client, state.service):  # it would wait where Python frees it, and abort
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(one))
    state.client = state.service = None
