"""What ``train`` promises of a whole training, on a network of a few filters."""

import importlib
import math
import shutil

import keras
import numpy as np
import pytest
from support.heard import CtrlC, Heard
from support.weights import equal, weights_of

from vgg_transfer.errors import ImageSetError, RecipeError, TrainingError
from vgg_transfer.events import EpochEnded, Said, Stepped
from vgg_transfer.images import load_images
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, Stopping, to_toml
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.run import StartingWeights, read
from vgg_transfer.training import train


def recipe_of(*stages, **changes):
    settings = {
        "size": 16,
        "precision": "fp32",
        "preprocess": "rescale",
        "batch_size": 8,
        "base": Base(weights="none", blocks=2, width=0.1),
        "head": Head(dropout=0.2),
        "views": "fresh",
    }
    return Recipe(**(settings | changes), stage=stages)


HEAD = Stage(train=("head",), epochs=2)
BLOCK2 = Stage(train=("head", "block2"), epochs=2, rate=1e-3)


@pytest.fixture(scope="module")
def head_run(tiny_folder, tmp_path_factory):
    """A head that was trained with seed 7, by the path of a recipe and of a folder."""
    place = tmp_path_factory.mktemp("head")
    file = place / "mine.toml"
    file.write_text(to_toml(recipe_of(HEAD)), encoding="utf-8")
    return train(str(file), tiny_folder, place / "run", seed=7)


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(images, tmp_path):
    recipe = recipe_of(HEAD, BLOCK2, augmentation=Augmentation(flip="horizontal", rotation=20.0))
    runs = [train(recipe, images, tmp_path / f"{n}", seed=seed) for n, seed in enumerate((0, 0, 1))]
    assert equal(weights_of(runs[0]), weights_of(runs[1]))
    assert not equal(weights_of(runs[0]), weights_of(runs[2]))
    assert [one.val_loss for one in runs[0].history] == [one.val_loss for one in runs[1].history]


def test_a_recipe_file_and_an_image_folder_may_be_given_by_path(head_run, tiny_folder, tmp_path):
    assert head_run.recipe == recipe_of(HEAD)
    assert head_run.image_set.digest == load_images(tiny_folder, seed=7).digest
    assert head_run.image_set.digest != load_images(tiny_folder, seed=3).digest
    with pytest.raises(RecipeError, match='Did you mean "staged"'):
        train("stagd", tiny_folder, tmp_path / "other")


def test_one_history_over_all_stages_with_a_rate_for_each_block(images, tmp_path):
    second = BLOCK2.changed(rate=0.25, block_decay=0.5, optimizer="sgd")
    run = train(recipe_of(HEAD, second), images, tmp_path / "run")
    assert [(one.stage, one.epoch) for one in run.history] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert run.history[0].rates == {"head": pytest.approx(1e-3)}
    assert run.history[-1].rates == {"block2": 0.125, "head": 0.25}
    assert all(one.seconds > 0 and one.images_per_second > 0 for one in run.history)
    assert all(0 <= one.waiting_share <= 1 for one in run.history)
    assert read(run.folder).history == run.history


def test_a_stage_ends_early_and_says_why(images, tmp_path):
    # At this rate nothing changes, so no epoch after the first is better.
    still = Stage(
        train=("head",), epochs=9, optimizer="sgd", rate=1e-12, stopping=Stopping(patience=2)
    )
    run = train(recipe_of(still), images, tmp_path / "run")
    assert run.stages[0].epochs == 3
    assert run.stages[0].ended == "val_loss did not improve for 2 epochs"


def test_a_stage_that_only_harms_leaves_the_weights_it_began_with(images, tmp_path):
    alone = train(recipe_of(BLOCK2), images, tmp_path / "alone")
    harm = Stage(train=("head", "block2"), epochs=1, optimizer="sgd", rate=10.0)
    run = train(recipe_of(BLOCK2, harm), images, tmp_path / "harmed")
    assert run.stages[1].best_epoch == 0
    assert equal(weights_of(alone), weights_of(run))


def test_without_stopping_every_epoch_is_run_and_the_best_kept(images, tmp_path):
    """The kept weights have the validation loss that is recorded."""
    recipe = recipe_of(HEAD, BLOCK2.changed(epochs=5, rate=0.03))
    run = train(recipe, images, tmp_path / "run")
    of_stage = [one.val_loss for one in run.history if one.stage == 2]
    assert (len(of_stage), run.stages[1].ended) == (5, "all epochs done")
    assert run.stages[1].best_epoch == int(np.argmin(of_stage)) + 1
    assert run.stages[1].best == min(of_stage)
    found = run.predict([record.path for record in images.split("val")])
    second = images.class_names[1]
    losses = [
        -math.log(
            one.probabilities[second]
            if images.class_names[record.label] == second
            else 1 - one.probabilities[second]
        )
        for one, record in zip(found, images.split("val"), strict=True)
    ]
    assert np.mean(losses) == pytest.approx(run.stages[-1].best, rel=1e-4)


def test_a_loss_that_is_not_a_number_ends_the_run_with_the_last_good_weights(images, tmp_path):
    explode = Stage(train=("block1", "block2", "head"), epochs=9, optimizer="sgd", rate=10.0)
    wild = recipe_of(explode, preprocess="imagenet", head=Head(dense=(64, 64)))
    with pytest.raises(TrainingError) as caught:
        train(wild, images, tmp_path / "run")
    message = str(caught.value)
    assert "in stage 1 (head + block2 + block1), epoch" in message
    assert "at rate 10" in message
    assert "--set stage.1.rate=1" in message
    assert str(tmp_path / "run") in message
    run = read(tmp_path / "run")
    assert run.status == "failed"
    assert run.metrics is None
    assert all(np.isfinite(weight).all() for weight in weights_of(run))


def test_ctrl_c_keeps_the_best_weights_so_far(images, tmp_path):
    # Two training steps and a validation step make an epoch: step 5 lies in the second.
    run = train(recipe_of(HEAD, BLOCK2), images, tmp_path / "run", listen=CtrlC(5))
    assert run.status == "interrupted"
    assert run.metrics is None
    assert run.stages[-1].ended == "interrupted after 1 full epoch"
    assert len(run.history) == 1
    assert read(run.folder).status == "interrupted"
    one_epoch = recipe_of(HEAD.changed(epochs=1))
    assert equal(weights_of(run), weights_of(train(one_epoch, images, tmp_path / "one")))


def test_ctrl_c_before_anything_was_learnt_leaves_nothing(images, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        train(recipe_of(HEAD, BLOCK2), images, tmp_path / "run", listen=CtrlC(1))
    assert not (tmp_path / "run").exists()


class Occupant(Heard):
    """Puts a file where the run is to be written, before its first stage."""

    def __init__(self, place):
        super().__init__()
        self.place = place

    def on(self, event):
        if isinstance(event, Said) and not self.place.exists():
            self.place.mkdir()
            (self.place / "mine.txt").write_text("mine")


def test_a_training_is_not_lost_where_its_folder_is_taken_meanwhile(tiny_recipe, images, tmp_path):
    place = tmp_path / "my run"
    listener = Occupant(place)
    run = train(tiny_recipe, images, place, listen=listener)
    assert run.folder == tmp_path / "my run-2"
    assert read(run.folder).status == "complete"
    assert [path.name for path in place.iterdir()] == ["mine.txt"]
    assert f'"{place}" was taken meanwhile: the run will be in "{run.folder}"' in listener.lines


def test_a_plateau_lowers_the_rate(images, tmp_path):
    plan = PlateauPlan(patience=1, factor=0.5, minimum=0.0)
    still = Stage(train=("head",), epochs=4, optimizer="sgd", rate=1e-12, plan=plan)
    run = train(recipe_of(still), images, tmp_path / "run")
    rates = [one.rates["head"] for one in run.history]
    assert rates[0] == pytest.approx(1e-12)
    assert rates[-1] <= 0.26e-12


def test_class_weights_change_what_is_learned(images, tmp_path):
    few = [one for one in images.split("train") if one.label == 0][2:]
    uneven = type(images)(
        images.source,
        images.class_names,
        tuple(one for one in images.records if one not in few),
        root=images.root,
    )
    plain = train(recipe_of(HEAD), uneven, tmp_path / "plain")
    weighted = train(recipe_of(HEAD, class_weights="balanced"), uneven, tmp_path / "weighted")
    assert not equal(weights_of(plain), weights_of(weighted))


def test_a_sigmoid_for_three_classes_is_refused_before_anything_is_written(images, tmp_path):
    from vgg_transfer.errors import RecipeError

    three = type(images)(images.source, (*images.class_names, "green"), images.records)
    with pytest.raises(RecipeError, match="one unit for two classes, but the image set has 3"):
        train(recipe_of(HEAD, head=Head(output="sigmoid")), three, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_image_that_vanishes_is_named(tiny_folder, tmp_path):
    folder = tmp_path / "photos"
    shutil.copytree(tiny_folder, folder)
    images = load_images(folder)
    gone = images.split("train")[0].path
    gone.unlink()
    with pytest.raises(ImageSetError) as caught:
        train(recipe_of(HEAD), images, tmp_path / "run")
    assert str(gone) in str(caught.value)
    assert "Put it back and train again" in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_a_held_out_image_that_vanishes_is_named_in_the_same_words(tiny_folder, tmp_path):
    folder = tmp_path / "photos"
    shutil.copytree(tiny_folder, folder)
    images = load_images(folder)
    gone = images.split("test")[0].path
    gone.unlink()
    with pytest.raises(ImageSetError) as caught:
        train(recipe_of(HEAD), images, tmp_path / "run")
    assert str(caught.value).startswith(
        f'the image "{gone}" is not what it was when the folder was'
    )


@pytest.mark.parametrize("split", ["train", "val"])
@pytest.mark.parametrize("harm", ["removed", "replaced"])
def test_an_image_that_another_takes_the_place_of_in_the_middle_is_named(
    split, harm, tiny_folder, tmp_path
):
    folder = tmp_path / "photos"
    shutil.copytree(tiny_folder, folder)
    images = load_images(folder)
    victim, other = images.split(split)[:2]

    class Vandal(Heard):
        def on(self, event):
            if isinstance(event, EpochEnded):
                victim.path.unlink(missing_ok=True)
                if harm == "replaced":
                    shutil.copy(other.path, victim.path)

    long = recipe_of(
        HEAD.changed(epochs=9), views="fresh", augmentation=Augmentation(flip="horizontal")
    )
    with pytest.raises(ImageSetError) as caught:
        train(long, images, tmp_path / "run", listen=Vandal(), cache=False)
    digests = f"SHA-256 {other.digest[:8]}…, not {victim.digest[:8]}…"
    reason = "no such file" if harm == "removed" else f"another file lies there now ({digests})"
    assert str(caught.value) == (
        f'the image "{victim.path}" is not what it was when the folder was scanned: {reason}. Put '
        "it back and train again"
    )


@pytest.mark.parametrize("name", ["../mine", "a/b\0c", "x" * 300])
def test_a_run_lies_under_runs_whatever_its_recipe_is_called(name, images, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    run = train(recipe_of(HEAD, name=name), images)
    assert run.folder.parent == tmp_path / "here" / "runs"
    assert list(tmp_path.iterdir()) == [tmp_path / "here"]
    assert run.recipe.name == name


def test_tensorboard_logs_where_it_is_told_and_to_the_disk_before_ctrl_c(images, tmp_path):
    pytest.importorskip("tensorboard")

    class AfterAnEpoch(Heard):
        def on(self, event):
            if isinstance(event, Stepped) and self.epochs:
                raise KeyboardInterrupt

    head = HEAD.changed(epochs=3)
    board = tmp_path / "board"
    run = train(recipe_of(head), images, tmp_path / "run", listen=AfterAnEpoch(), tensorboard=board)
    assert run.status == "interrupted"
    (events,) = (board / "stage1").rglob("train/events.out.*")
    assert b"epoch_loss" in events.read_bytes()


@pytest.mark.parametrize("cache", [True, False])
def test_whether_bf16_is_faster_is_remembered_beside_the_stores_alone(
    images, tmp_path, monkeypatch, cache
):
    asked = []

    def choose(wanted, memory):
        asked.append((wanted, memory))
        raise TrainingError("this is as far as it has to come")

    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    module = importlib.import_module("vgg_transfer.training.train")
    monkeypatch.setattr(module, "choose_device", choose)
    recipe = recipe_of(HEAD, precision="auto")
    with pytest.raises(TrainingError, match="as far as it has to come"):
        train(recipe, images, tmp_path / "run", cache=cache)
    assert asked == [("auto", tmp_path / "cache" if cache else None)]


def test_bf16_computes_the_base_and_not_the_head(images, tmp_path):
    run = train(recipe_of(HEAD, precision="bf16"), images, tmp_path / "run")
    model = keras.saving.load_model(run.model_file)
    assert model.get_layer("block1_conv1").compute_dtype == "bfloat16"
    assert model.get_layer("block1_conv1").variable_dtype == "float32"
    assert model.get_layer("head_output").compute_dtype == "float32"
    assert run.environment.precision == "bf16"


def test_a_run_records_what_it_was_made_of(head_run, tiny_folder):
    run, images = head_run, load_images(tiny_folder, seed=7)
    assert run.seed == 7
    assert run.image_set.digest == images.digest
    assert run.image_set.counts["train"] == images.counts()["train"]
    assert run.weights == StartingWeights("drawn at random", digest="", published=False)
    assert run.environment.packages["keras"] == keras.__version__
    assert [row.digest for row in run.manifest] == [one.digest for one in images.records]
    assert run.findings == (*run.recipe.findings, *images.findings)
