"""A trial in a process of its own: its true peak memory, and no harm to others if it dies."""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.events import Event, Listener
from vgg_transfer.images import ImageSet
from vgg_transfer.sweeping import temporary_folder
from vgg_transfer.trials.trial import Trial

_LONGEST_REASON = 300  # characters
_KILLED = -9  # SIGKILL, which Windows does not know


def train_in_child(trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> None:
    """Train in a new Python process, which writes the run and ends with this one.

    Raises:
        VggTransferError: what the training raised, or a TrainingError that says how it died.
    """
    with contextlib.closing(events_of_child(trial, image_set, folder, {})) as events:
        for event in events:
            listen(event)


def events_of_child(
    trial: Trial, image_set: ImageSet, folder: Path, variables: Mapping[str, str]
) -> Generator[Event, None, None]:
    """Train as ``train_in_child`` does, and yield the events; closing it ends the process.

    Args:
        trial: what to train.
        image_set: the images to train on.
        folder: where the run is written; absolute.
        variables: of the environment, for that process alone.

    Raises:
        VggTransferError: what the training raised, or a TrainingError that says how it died.
    """
    with (
        tempfile.TemporaryFile() as errors,
        # It is killed when it is done, and TensorFlow would leave its temporary files behind.
        temporary_folder() as scratch,
        _start(errors, scratch, variables) as process,
    ):
        to_it, from_it = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        try:
            _give(to_it, (trial, image_set, folder))
            for message in _messages(from_it):
                if isinstance(message, VggTransferError):
                    raise message
                if message is None:
                    return
                yield message
            raise TrainingError(_how_it_died(process.wait(), errors))
        finally:
            process.kill()  # what it has finished is on the disk already
            process.wait()  # after Ctrl-C, leaving the `with` would not wait long enough
            with contextlib.suppress(BrokenPipeError):
                to_it.close()


def _start(
    errors: IO[bytes], scratch: Path, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    # -P: a file in the current folder must not be taken for a module. The path makes the new
    # process find the very modules that this one has found.
    path = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "vgg_transfer.trials.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={
            "TF_CPP_MIN_LOG_LEVEL": "3",
            **os.environ,
            **variables,
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)),
            "PYTHONPATH": path,
        },
    )


def _give(pipe: IO[bytes], order: Any) -> None:
    # Where nobody reads it any more, the silence that follows says so.
    with contextlib.suppress(BrokenPipeError):
        pickle.dump(order, pipe)
        pipe.flush()


def _messages(pipe: IO[bytes]) -> Iterator[Event | VggTransferError | None]:
    """Yield what the other process tells, until it is done or dead."""
    while True:
        try:
            message = pickle.load(pipe)
        except (EOFError, pickle.UnpicklingError):
            return
        yield message


def _how_it_died(code: int, errors: IO[bytes]) -> str:
    """Say why a process ended without a last word."""
    if code == _KILLED:
        return (
            "its process was ended by the system (SIGKILL), most often because memory ran out; "
            "use a smaller batch_size or size, or end other programs"
        )
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    last_words = f": {lines[-1][:_LONGEST_REASON]}" if lines else ""
    how = f"crashed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
    return f"its process {how}{last_words}"
