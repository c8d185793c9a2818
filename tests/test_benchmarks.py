"""The benchmarks start: each says what it does and which arguments it takes."""

import ast
import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
SCRIPTS = sorted(path for path in FOLDER.glob("*.py") if "__main__" in path.read_text("utf-8"))


def test_all_scripts_are_found():
    known = {"defaults", "fixed_cost", "frozen_pass", "memory", "schedules", "text_claims"}
    assert known | {"throughput"} <= {one.stem for one in SCRIPTS}


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
