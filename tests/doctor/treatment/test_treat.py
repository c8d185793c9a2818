"""From a patient to the recipe to use; the trainings are drawn, so their accuracies are known."""

from dataclasses import replace

import numpy as np
import pytest
from support.drawn import Engine, images_of, recipe_of
from support.heard import Heard

import vgg_transfer as vt
from vgg_transfer.doctor import Diagnosis
from vgg_transfer.doctor.treatment import treat
from vgg_transfer.errors import ComparisonError, RecipeError, TrainingError
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Stage, read

RECIPE = recipe_of("mine", stage=(Stage(train=("head",), epochs=3),))
IMAGES = images_of(test=60, val=60)
NAMES = (
    "unchanged", "class-weights", "balanced-sampling", "slower", "dropout-and-l2", "best-epoch",
    "falling-rate", "exact-head", "default",
)  # fmt: skip


def diagnosed(*codes):
    return Diagnosis("images", (), tuple(Finding(code, "warning", "images", "") for code in codes))


def treated(tmp_path, wrong=None, codes=("imbalance",), listen=None, engine=None, **options):
    engine = engine or Engine(dict.fromkeys(NAMES, 20) | (wrong or {}))
    found = treat(
        IMAGES,
        RECIPE,
        folder=tmp_path / "treated",
        diagnosis=diagnosed(*codes),
        engine=engine,
        listen=listen or Heard(),
        **options,
    )
    return found, engine


def test_what_helps_is_said_and_written(tmp_path):
    heard = Heard()
    found, engine = treated(tmp_path, {"class-weights": 1}, listen=heard)
    assert found.best is not None
    assert found.best.remedy.name == "class-weights"
    assert found.recipe == read(found.recipe_file)
    assert (found.recipe.name, found.recipe.class_weights) == ("mine-treated", "balanced")
    lines = found.in_words.splitlines()
    assert lines[0] == "unchanged: balanced accuracy 66.7% on 60 validation images, over 3 seeds"
    assert lines[1].startswith("class weights balanced: +31.7 points [")
    assert lines[1].endswith("helps")
    assert lines[-1] == "take this: class weights balanced"
    assert engine.trained[:3] == ["unchanged-seed0", "unchanged-seed1", "unchanged-seed2"]
    assert heard.lines[:3] == [
        "tries beside mine as it is: class weights balanced, every class drawn equally often",
        "at most 20 min for 9 trainings on 8 images (3 seeds each); remedies for which the time is "
        "too short are left out",
        "judged by balanced accuracy on the 60 images of val, which no training sees; test images "
        "are not looked at",
    ]
    assert heard.titles[0] == "unchanged, seed 0"


def test_where_nothing_helps_the_recipe_stays(tmp_path):
    found, _ = treated(tmp_path)
    assert found.best is None
    assert found.recipe == RECIPE == read(found.recipe_file)
    assert found.verdict == "nothing that was tried is shown to help: keep the recipe as it is"


def test_the_same_call_trains_nothing_again(tmp_path):
    first, _ = treated(tmp_path)
    again, engine = treated(tmp_path)
    assert engine.trained == []
    assert again == first


def test_equal_recipes_are_said_to_help_once_in_twenty_at_most(tmp_path):
    """Their wrong answers are other images each time: 14, 15 or 16 of 60."""
    helped = 0
    for number in range(20):
        wrong = {name: 14 + (number + place) % 3 for place, name in enumerate(NAMES)}
        found, _ = treated(tmp_path / str(number), wrong, ("diverged",))
        assert len(found.tried) == 2
        helped += found.best is not None
    assert helped <= 1


def test_remedies_for_which_there_is_no_time_are_named(tmp_path):
    """A training takes 10 s: unchanged and one remedy fit into a minute, less what has passed."""
    found, engine = treated(tmp_path, minutes=1.0)
    assert len(engine.trained) == 9  # drawn trainings take no time
    slow = Engine(dict.fromkeys(NAMES, 20), seconds=dict.fromkeys(NAMES, 40.0))
    with pytest.raises(ComparisonError, match=r"1 min are not enough: a training takes 40\.0 s"):
        treated(tmp_path / "slow", engine=slow, minutes=1.0)
    assert slow.trained == ["unchanged-seed0"]
    assert found.left_out == ()


def test_a_training_that_fails_counts_and_is_tried_again(tmp_path):
    fails = {"class-weights-seed1": TrainingError("the loss became nan")}
    engine = Engine(dict.fromkeys(NAMES, 20) | {"class-weights": 0}, fails=fails)
    heard = Heard()
    found, _ = treated(tmp_path, engine=engine, listen=heard)
    (weights,) = [one for one in found.tried if one.remedy.name == "class-weights"]
    assert weights.failed == 1
    assert weights.score == pytest.approx(2 / 3)
    assert "the training failed: the loss became nan" in heard.lines
    _, again = treated(tmp_path)
    assert again.trained == ["class-weights-seed1"]


def test_a_recipe_that_only_solves_the_head_is_trained_once_for_all_seeds(tmp_path):
    solved = RECIPE.changed(stage=(Stage(train=("head",), optimizer="exact"),))
    engine = Engine({"unchanged": 20, "class-weights": 2})
    found = treat(IMAGES, solved, folder=tmp_path, diagnosis=diagnosed("imbalance"), engine=engine)
    assert engine.trained == ["unchanged-seed0", "class-weights-seed0"]
    assert found.seeds == 3
    assert found.best is not None


def test_ctrl_c_ends_it_and_keeps_what_was_trained(tmp_path):
    engine = Engine(dict.fromkeys(NAMES, 20), fails={"class-weights-seed0": KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        treated(tmp_path, engine=engine)
    _, again = treated(tmp_path)
    assert again.trained[0] == "class-weights-seed0"


def test_a_run_is_treated_with_its_own_recipe_and_images(tmp_path):
    run = Engine({"mine": 10})(
        type("T", (), {"recipe": RECIPE, "seed": 0, "name": "mine"}), IMAGES, tmp_path / "run", None
    )
    engine = Engine(dict.fromkeys((*NAMES, "default", "exact-head"), 20))
    found = vt.treat(tmp_path / "run", folder=tmp_path / "treated", engine=engine)
    assert found.images == 60
    assert found.recipe == run.recipe
    with pytest.raises(RecipeError, match="a run has its own recipe"):
        treat(run, "probe")


def test_what_cannot_be_treated_is_refused(tmp_path):
    with pytest.raises(RecipeError, match="a recipe alone cannot be treated"):
        treat(RECIPE)
    with pytest.raises(ComparisonError) as faults:
        treat(IMAGES, RECIPE, minutes=0, seeds=0)
    assert str(faults.value).splitlines() == [
        "a treatment needs a time of more than 0 minutes, received 0",
        "each recipe needs at least 1 seed, received 0: 3 are a good start",
    ]
    few = replace(IMAGES, records=tuple(one for one in IMAGES.records if one.split != "val"))
    with pytest.raises(ComparisonError, match="has 0: at least 30 are needed"):
        treat(few, RECIPE, diagnosis=diagnosed())


@pytest.mark.slow
def test_real_trainings_from_images_to_the_recipe(tmp_path, tiny_recipe):
    """45 blue and 12 red to learn from; one seed of a network of a few filters."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 90, (97, 16, 16, 3), np.uint8)
    labels = np.array([0] * 45 + [1] * 12 + [0, 1] * 20)
    pixels[labels == 1, :, :, 0] += 120
    drawn = vt.from_arrays(pixels, labels)
    records = tuple(
        replace(one, split="train" if number < 57 else "val")
        for number, one in enumerate(drawn.records)
    )
    images = replace(drawn, records=records)
    found = treat(images, tiny_recipe, seeds=1, folder=tmp_path / "treated", diagnosis=diagnosed())
    assert {one.remedy.name for one in found.tried} == {"class-weights", "balanced-sampling"}
    assert found.measure == "balanced accuracy"
    assert found.images == 40
    assert not any(one.failed for one in found.tried)
    weights = vt.read_run(tmp_path / "treated" / "class-weights-seed0")
    assert weights.image_set.count("test") == 40
    assert weights.image_set.count("val") == 11  # of 45 and 12, every fifth
    assert read(found.recipe_file) == found.recipe
