"""How the program ends: at once, but with the status and all that it had to write."""

import subprocess
import sys
from pathlib import Path

import pytest

MAIN = "from vgg_transfer.cli import main; main()"
PROGRAM = "from vgg_transfer.__main__ import program; program()"
FULL = Path("/dev/full")  # a device that has no room


def ended(code, *arguments, stdout=subprocess.PIPE):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=100,
    )


def with_main(body):
    """Return the program with another command line in the place of ours."""
    lines = "\n    ".join(body.splitlines())
    return f"""
import atexit, sys, threading, time
import vgg_transfer.cli
class Last:
    def __del__(self):
        print("taken apart")
last = Last()
def main():
    {lines}
vgg_transfer.cli.main = main
{PROGRAM}
"""


@pytest.mark.parametrize(
    ("leaving", "status"),
    [("sys.exit()", 0), ("sys.exit(0)", 0), ("sys.exit(1)", 1), ("sys.exit(130)", 130)],
)
def test_the_status_is_kept_and_nothing_is_taken_apart(leaving, status):
    assert ended(with_main("pass"), stdout=subprocess.PIPE).stdout == "taken apart\n"
    found = ended(with_main(f"print('said')\nprint('told', file=sys.stderr)\n{leaving}"))
    assert (found.returncode, found.stdout, found.stderr) == (status, "said\n", "told\n")


def test_all_output_goes_through_a_pipe():
    found = ended(with_main("print('x' * 1_000_000)\nsys.exit(0)"))
    assert found.stdout == "x" * 1_000_000 + "\n"


def test_threads_and_what_waits_for_the_end_are_waited_for(tmp_path):
    file = tmp_path / "written"
    code = f"""
def late():
    time.sleep(0.5)
    print("thread", file=open({str(file)!r}, "a"))
threading.Thread(target=late).start()
atexit.register(lambda: print("exit", file=open({str(file)!r}, "a")))
sys.exit(3)
"""
    assert ended(with_main(code)).returncode == 3
    assert file.read_text() == "thread\nexit\n"


def test_a_text_as_status_is_shown_and_is_1():
    found = ended(with_main("sys.exit('what went wrong')"))
    assert (found.returncode, found.stderr) == (1, "what went wrong\n")


def test_an_error_that_nobody_foresaw_has_its_traceback():
    found = ended(with_main("raise RuntimeError('unforeseen')"))
    assert found.returncode == 1
    assert found.stderr.startswith("Traceback")
    assert found.stderr.endswith("RuntimeError: unforeseen\n")


@pytest.mark.parametrize("arguments", [["--version"], ["recipes"], ["schema", "train"], ["trian"]])
def test_it_ends_as_without_the_shortcut(arguments):
    expected, found = (ended(code, *arguments) for code in (MAIN, PROGRAM))
    assert (found.returncode, found.stdout) == (expected.returncode, expected.stdout)
    assert found.stderr == expected.stderr


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["--version"], ["schema", "train"]])
def test_a_full_disk_is_told_as_ever(arguments):
    told = []
    for code in (MAIN, PROGRAM):
        with FULL.open("w") as full:
            found = ended(code, *arguments, stdout=full)
        told.append((found.returncode, found.stderr.splitlines()[-1]))
    assert told[0] == told[1]
    assert told[1][0] != 0
    assert "No space left on device" in told[1][1]


@pytest.mark.parametrize("arguments", [["--version"], ["schema", "train"]])
def test_a_reader_that_is_gone_is_met_as_ever(arguments):
    told = []
    for code in (MAIN, PROGRAM):
        process = subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.stdin.readline(); {code}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdout.close()
        process.stdout = None
        told.append((process.communicate("go\n", timeout=100)[1], process.returncode))
    assert told[0] == told[1]
    assert told[1][1] != 0
