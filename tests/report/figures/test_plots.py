"""The door of all figures."""

import subprocess
import sys

import vgg_transfer as vt
from vgg_transfer.report.figures import plots


def test_the_door_is_public_and_lists_what_lies_behind():
    assert vt.plots is plots
    assert all(callable(getattr(plots, name)) for name in plots.__all__)


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


def test_a_contact_sheet_shows_images_of_each_class(tiny_recipe, tiny_folder, words_on):
    figure = plots.contact_sheet(tiny_recipe, vt.load_images(tiny_folder), images=4, views=2)
    words = words_on(figure)
    assert words.count("blue") == words.count("red") == 2
    assert {"plain", "view 1", "view 2"} <= set(words)
    assert "view 3" not in words
