"""Importing the package, or asking for help, loads nothing heavy."""

import subprocess
import sys
import time

import pytest

HEAVY = ("tensorflow", "keras", "sklearn", "scipy", "numpy", "PIL")
IMPORT = "import vgg_transfer"
HELP = "from vgg_transfer.cli import main; main(['train', '--help'])"


@pytest.mark.parametrize("statement", [IMPORT, HELP])
def test_nothing_heavy_is_loaded(statement):
    code = f"""
import sys
try:
    {statement}
except SystemExit as leaving:
    assert leaving.code == 0, leaving.code
print("loaded:", *sorted({{name.split(".")[0] for name in sys.modules}} & set({HEAVY!r})))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "loaded:"


@pytest.mark.parametrize("statement", [IMPORT, HELP])
def test_it_takes_less_than_half_a_second(statement):
    def seconds(code):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        return time.perf_counter() - began

    # The best of three, without Python's own start: other programs may be busy meanwhile.
    assert min(seconds(statement) for _ in range(3)) - min(seconds("") for _ in range(3)) < 0.5
