"""Output that cannot be written: said in one line, and what was begun comes to its end."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vgg_transfer.cli.outlet import Outlet

FULL = Path("/dev/full")
PROGRAM = [sys.executable, "-m", "vgg_transfer", "recipes"]


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("more", [[], ["--json"], ["--help"]])
def test_a_full_disk(more: list[str]) -> None:
    with FULL.open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, *more], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.stderr == "error: the output cannot be written: No space left on device\n"
    assert ended.returncode == 1


def test_a_pipe_that_nobody_reads() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        ended = subprocess.run(PROGRAM, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")


def test_no_standard_output_at_all() -> None:
    code = f"import os, sys; os.close(1); os.execv(sys.executable, {PROGRAM!r})"
    ended = subprocess.run(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=False
    )
    assert ended.stderr == ""


def test_what_comes_after_the_break_is_dropped() -> None:
    class Broken:
        written = ""

        def write(self, text: str) -> int:
            if text == "second":
                raise OSError(errno.ENOSPC, "No space left on device")
            self.written += text
            return len(text)

        def fileno(self) -> int:
            raise ValueError("no file")

    stream = Broken()
    outlet = Outlet(stream)
    for text in ("first", "second", "third"):
        assert outlet.write(text) == len(text)
    assert stream.written == "first"
    assert outlet.broken.errno == errno.ENOSPC
