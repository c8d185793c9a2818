"""What the front door trains leaves pictures behind; what cannot be drawn spoils nothing."""

import inspect

import pytest

import vgg_transfer as vt
from vgg_transfer import training
from vgg_transfer.report.figures import named
from vgg_transfer.trials import in_this_process

KEPT = ("confusion.png", "history.png")


def pictures_in(folder):
    return tuple(sorted(file.name for file in folder.rglob("*.png")))


def test_a_training_leaves_its_history_and_its_mistakes(tiny_recipe, images, tmp_path):
    run = vt.train(tiny_recipe, images, tmp_path / "run")
    assert pictures_in(run.folder) == KEPT
    longer = vt.resume(run.folder, extend=1, out=tmp_path / "longer")
    assert pictures_in(longer.folder) == KEPT


def test_so_does_every_training_of_a_comparison(tiny_recipe, images, tmp_path):
    other = tiny_recipe.changed(name="other")
    compared = vt.compare(images, [tiny_recipe, other], tmp_path, 1, engine=in_this_process)
    folders = [tmp_path / trial.folder for trial in compared.trials]
    assert [pictures_in(folder) for folder in folders] == [KEPT, KEPT]


def test_what_cannot_be_drawn_is_said_and_nothing_is_lost(
    tiny_recipe, images, tmp_path, monkeypatch
):
    def no_font(run):
        raise RuntimeError("no font")

    monkeypatch.setattr(named, "history", no_font)
    with pytest.warns(UserWarning, match="history.png is not there: no font"):
        run = vt.train(tiny_recipe, images, tmp_path / "run")
    assert run.status == "complete"


def test_the_signature_is_the_one_of_the_training():
    assert inspect.signature(vt.train) == inspect.signature(training.train)
    assert vt.train.__doc__ == training.train.__doc__
