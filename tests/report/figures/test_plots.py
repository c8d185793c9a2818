"""The door of all figures."""

import ast
import subprocess
import sys
from pathlib import Path

from matplotlib.figure import Figure

import vgg_transfer as vt
from vgg_transfer.report.figures import plots


def test_the_door_is_public_and_an_import_is_all_that_a_figure_needs():
    assert vt.plots is plots
    tree = ast.parse(Path(plots.__file__).read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert set(plots.__all__) == {alias.name for node in imports for alias in node.names}


def test_all_but_the_writer_return_figures():
    figures = {
        name for name in plots.__all__ if getattr(plots, name).__annotations__["return"] is Figure
    }
    assert set(plots.__all__) - figures == {"write_figure"}
    assert {"history", "confusion", "accuracy_against_cost", "contact_sheet"} <= figures


def test_figures_of_runs_need_no_tensorflow():
    program = "import sys, vgg_transfer.report.figures.plots; print('tensorflow' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (found.stdout.strip(), found.stderr) == ("False", "")


def test_figures_leave_nothing_behind(a_run, a_comparison):
    program = "pyplot" in "".join(sys.modules)
    for figure in (plots.history(a_run()), plots.confusion(a_run())):
        assert figure._repr_png_()[0].startswith(b"\x89PNG")
    assert plots.accuracy_against_cost(a_comparison(("a", 0.9, 10.0)))
    assert ("pyplot" in "".join(sys.modules)) == program
