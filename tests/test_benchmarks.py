"""The benchmarks start: each says what it does and which arguments it takes."""

import ast
import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if "__main__" in path.read_text("utf-8"))


def test_all_scripts_are_found():
    known = {"checkpoint_cost", "defaults", "fixed_cost", "frozen_pass", "kill", "memory"}
    assert known | {"schedules", "text_claims", "throughput"} <= {one.stem for one in SCRIPTS}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_help_says_what_a_benchmark_does_and_how_it_is_called(script, monkeypatch, capsys):
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.setattr(sys, "argv", [str(script), "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: {script.name}")
    first_line = ast.get_docstring(ast.parse(script.read_text("utf-8"))).splitlines()[0]
    assert f"{first_line}\n\n    python benchmarks/{script.name}" in shown


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_trainings_that_are_killed_and_resumed_end_as_if_they_had_not_been():
    command = [sys.executable, str(FOLDER / "kill.py"), "--moments", "1", "--kills", "2"]
    where = os.environ | {"PYTHONPATH": str(FOLDER.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=where, check=False)
    found = json.loads(done.stdout)
    assert found["equal"] == "1 of 1", found
    assert len(found["stages"]) == 3
    assert done.returncode == 0
