"""What a process that was lost can no longer say, is said."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "vgg_transfer"
MODULE = PACKAGE / "training" / "spread" / "last_words.py"  # alone: no Keras has to be loaded
PROGRAM = """
import os, runpy
last_words = runpy.run_path("{module}")["last_words"]
with last_words() as say:
    say("error: it never began")
    say("error: it was\\nlost")
    {end}
"""


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("os.abort()", "error: it was lost\n"),
        ("os.kill(os.getpid(), 9)", "error: it was lost\n"),
        ("pass", ""),
    ],
)
def test_the_last_sentence_is_said_of_a_process_that_was_killed(end, said):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=MODULE, end=end)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == said
    assert (done.returncode == 0) == (end == "pass")
