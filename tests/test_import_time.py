"""Importing the package, or asking for help, loads nothing heavy."""

import os
import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "sklearn", "scipy", "numpy", "PIL", "optuna", "matplotlib")
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
        before = os.times()
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        after = os.times()
        used = after.children_user + after.children_system
        return used - before.children_user - before.children_system

    # Of the processor, since other programs may be busy; the best of three, without Python's own.
    assert min(seconds(statement) for _ in range(3)) - min(seconds("") for _ in range(3)) < 0.5
