"""Standard output and standard error that may break: a full disk, a closed pipe."""

import os
from contextlib import suppress
from typing import Any, TextIO


class Outlet:
    """A stream that drops what comes once it cannot be written to, and remembers why.

    So what a verb has begun comes to its end: a training is not lost because ``| head`` went away.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.broken: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text, or drop it."""
        if self.broken is None:
            try:
                return self._stream.write(text)
            except OSError as error:
                self._break(error)
        return len(text)

    def flush(self) -> None:
        """Send on what was written, or drop it."""
        if self.broken is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._break(error)

    def _break(self, error: OSError) -> None:
        self.broken = error
        # What the stream still holds back would fail once more when Python ends.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
