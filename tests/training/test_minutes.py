"""A training in a given time: what it records can be done again without the clock."""

import pytest
from support.exact_first import EXACT_FIRST
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer.errors import TrainingError
from vgg_transfer.recipe import from_toml, read
from vgg_transfer.run import read as read_run
from vgg_transfer.training import train
from vgg_transfer.training.planning import budget
from vgg_transfer.training.planning.speed import Speed
from vgg_transfer.training.planning.stored import counts_of_stored

pytestmark = pytest.mark.usefixtures("step_by_step")

BLOCKS = ("block1", "block2", "head")


@pytest.fixture(scope="module")
def recipe():
    text = EXACT_FIRST.replace("block5", "block2")
    small = 'size = 16\nprecision = "fp32"\nbatch_size = 8\n'
    return from_toml(small + 'base = { weights = "none", blocks = 2, width = 0.05 }\n' + text)


@pytest.fixture
def a_second_a_block(monkeypatch):
    """Let every image take a second in every block; the machine is not asked."""
    speed = Speed(dict.fromkeys(BLOCKS, 1.0), 0.0, 0.0)
    monkeypatch.setattr(budget, "measure_speed", lambda *_: speed)


@pytest.mark.usefixtures("a_second_a_block")
def test_the_run_records_the_fitted_recipe_which_repeats_it(recipe, images, tmp_path):
    heard = Heard()
    run = train(recipe, images, tmp_path / "run", seed=3, listen=heard, minutes=6)
    (note,) = [one for one in run.findings if one.code == "minutes"]
    assert 0 < run.recipe.stage[1].epochs < 5
    assert f"{run.recipe.stage[1].epochs} epoch" in note.seen
    assert note.seen.startswith("6 min: ")
    assert heard.lines[-1].startswith("took ")
    assert heard.lines[-1].endswith(" of 6 min")
    assert note.seen.startswith(heard.lines[2])
    assert read_run(run.folder).findings == run.findings
    fitted = read(run.folder / "recipe.toml")
    assert fitted == run.recipe
    again = train(fitted, images, tmp_path / "again", seed=3)
    assert equal(weights_of(run), weights_of(again))


def test_what_fits_is_trained_as_without_a_clock(recipe, images, tmp_path):
    free = train(recipe, images, tmp_path / "free", seed=3)
    timed = train(recipe, images, tmp_path / "timed", seed=3, minutes=1000)
    assert timed.recipe == free.recipe
    assert equal(weights_of(free), weights_of(timed))
    *others, note = timed.findings
    assert tuple(others) == free.findings
    assert note.seen.startswith("1000 min: nothing is left out: about ")


@pytest.mark.usefixtures("a_second_a_block")
def test_too_little_time_is_refused_before_anything_is_written(recipe, images, tmp_path):
    with pytest.raises(TrainingError, match=r"0\.5 min are not enough"):
        train(recipe, images, tmp_path / "run", minutes=0.5)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("minutes", [0, -1.5, float("nan"), float("inf")])
def test_minutes_are_a_positive_number(recipe, images, tmp_path, minutes):
    with pytest.raises(TrainingError) as caught:
        train(recipe, images, tmp_path / "run", minutes=minutes)
    assert str(caught.value) == (
        f"minutes must be a positive number such as 10; received {minutes:g}"
    )


def test_what_a_training_stored_is_not_computed_again(recipe, images, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    found = []

    def count(context):
        counts = counts_of_stored(context)
        changes = recipe.augmentation
        found.append([counts("block2", changes, 16, "train", view) for view in (1, 4, 5)])
        return counts

    monkeypatch.setattr(budget, "counts_of_stored", count)
    for name in ("first", "second"):
        train(recipe, images, tmp_path / name, minutes=1000)
    train_images = len(images.split("train"))
    assert found == [[0, 0, 0], [train_images, train_images, 0]]
