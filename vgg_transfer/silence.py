"""What libraries written in C tell the error stream past Python: kept back, unless it is needed."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_back() -> Iterator[None]:
    """Keep what is written to the error stream; let it out only where something goes wrong."""
    error_stream = 2
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        try:
            shown = os.dup(error_stream)
        except OSError:  # there is no error stream to keep clean
            yield
            return
        os.dup2(kept.fileno(), error_stream)
        try:
            yield
        except Exception:
            kept.seek(0)
            os.write(shown, kept.read())
            raise
        finally:
            os.dup2(shown, error_stream)
            os.close(shown)
