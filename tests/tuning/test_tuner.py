"""The search as a whole, with trainings that are only pretended; one test trains for true."""

import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from support.heard import Heard
from support.origins import WEIGHTS, environment, images_used

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.errors import ComparisonError, ImageSetError, RunError, TrainingError
from vgg_transfer.evaluation import evaluate
from vgg_transfer.images import load_images
from vgg_transfer.recipe import Head, Recipe, Stage
from vgg_transfer.run import Epoch, Filled, Run, StageOutcome
from vgg_transfer.tuning.tuned import SettingsTried
from vgg_transfer.tuning.tuner import tune

RECIPE = Recipe(
    name="small", head=Head(dropout=0.6), stage=(Stage(train=("head",), epochs=2),), size=32
)


def loss_of(recipe):
    """Return how good a recipe is pretended to be; the best has no dropout and maximum pooling."""
    return 0.1 + recipe.head.dropout / 10 + 0.05 * (recipe.head.pooling != "max")


class Pretend:
    """Trains nothing: writes a run folder with the log loss that a recipe is said to have."""

    def __init__(self, broken=lambda _: None, loss=loss_of):
        self.broken, self.loss = broken, loss
        self.asked = []
        self.saw = []

    def __call__(self, trial, image_set, folder, listen):
        self.asked.append(trial)
        self.saw.append({one.split for one in image_set.records})
        error = self.broken(len(self.asked) - 1)
        if error is not None:
            raise error
        split = "test" if image_set.split("test") else "val"
        labels = np.array([one.label for one in image_set.split(split)])
        right = math.exp(-self.loss(trial.recipe))
        probabilities = np.where(np.eye(2)[labels] == 1, right, 1 - right)
        run = Run(
            folder=folder,
            status="complete",
            seed=trial.seed,
            recipe=trial.recipe,
            class_names=image_set.class_names,
            image_set=images_used(image_set),
            weights=WEIGHTS,
            environment=environment(),
            stages=(StageOutcome(1, "head", 1, 1, "val_loss", 0.6, "all epochs done", 1.0),),
            history=(Epoch(1, 1, 0.7, 0.5, 0.6, 0.5, {"head": 1e-3}, 1.0, 1.0, 0.0, 1.0),),
            seconds=1.0,
            judged_on=split,
            metrics=evaluate(labels, probabilities, image_set.class_names),
            filled=(Filled("a store", 9, 9, 30.0),) if len(self.asked) == 1 else (),
        )
        return record.write(run, lambda path: path.write_bytes(b"a model"))


@pytest.fixture
def search(images, tmp_path):
    def run(trials=4, **changes):
        settings = {"recipe": RECIPE, "minutes": 60, "out": tmp_path / "out", "engine": Pretend()}
        return tune(changes.pop("image_set", images), **(settings | changes), trials=trials)

    return run


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_recipe_as_it_is_comes_first_and_the_best_is_chosen(search, tmp_path):
    engine, ear = Pretend(), Heard()
    found = search(8, engine=engine, listen=ear)
    assert engine.asked[0].recipe == RECIPE
    losses = [trial.log_loss for trial in found.trials]
    assert losses[0] == found.default.log_loss == pytest.approx(loss_of(RECIPE))
    assert found.best.log_loss == min(losses) < losses[0]
    assert [one.recipe for one in engine.asked[1:8]] != [RECIPE] * 7
    assert ear.titles == [*(f"trial {number}" for number in range(8)), "the final training"]
    tried = [(one.trial.number, one.is_best) for one in ear.all(SettingsTried)]
    assert tried[0] == (0, True)
    assert max(number for number, is_best in tried if is_best) == found.best.number
    assert found.verdict == (
        f"Trial {found.best.number} was chosen over the recipe as it is by "
        f"{losses[0] - found.best.log_loss:.4f} in log loss on the {found.validation_images} "
        f"validation images ({found.best.log_loss:.4f} against {losses[0]:.4f})."
    )


def test_no_trial_sees_a_test_image_and_the_final_training_does(search, images):
    engine = Pretend()
    found = search(5, engine=engine)
    assert engine.saw == [{"train", "val"}] * 5 + [{"train", "val", "test"}]
    assert found.run.judged_on == "test"
    assert found.run.metrics.images == len(images.split("test"))
    assert found.run.image_set.digest == images.digest
    assert found.looks == 1
    assert {trial.seed for trial in engine.asked} == {0}


def test_the_folder_holds_the_study_the_table_and_the_best(search, tmp_path):
    found = search(3)
    assert names_in(tmp_path / "out") == [
        "best", "best.toml", "study.db", "study.lock", "tuning.csv",
    ]  # fmt: skip
    assert recipes.read(tmp_path / "out" / "best.toml") == found.recipe == found.run.recipe
    assert found.recipe_file == tmp_path / "out" / "best.toml"
    assert record.read(tmp_path / "out" / "best").metrics == found.run.metrics


def test_the_best_recipe_is_the_trials_and_says_where_it_is_from(search):
    engine = Pretend()
    found = search(6, engine=engine)
    assert engine.asked[-1].recipe == found.recipe
    assert found.recipe.name == "small-tuned"
    assert found.recipe.description == f"small with the settings of trial {found.best.number}"
    again = recipes.override(RECIPE, [f"{key}={text}" for key, text in found.best.settings.items()])
    assert found.recipe == again.changed(
        name=found.recipe.name, description=found.recipe.description
    )


def test_where_nothing_is_better_the_recipe_stays_as_it_is(search):
    best = Pretend(loss=lambda recipe: 0.1 if recipe == RECIPE else 0.2)
    found = search(4, engine=best)
    assert found.best == found.default
    assert found.recipe == RECIPE
    assert found.verdict.startswith("Of 3 other settings none did better on the ")
    assert found.verdict.endswith("the recipe as it is stays.")


def test_of_equal_ones_the_first_is_chosen(search):
    assert search(3, engine=Pretend(loss=lambda _: 0.3)).best.number == 0


def test_the_same_command_adds_trials_and_looks_again_only_at_another_choice(search, tmp_path):
    engine, ear = Pretend(), Heard()
    first = search(3)
    kept = {path: path.read_bytes() for path in (tmp_path / "out" / "best").iterdir()}
    while (second := search(2, engine=engine, listen=ear)).best.number == first.best.number:
        assert second.looks == 1
        assert second.run.folder == first.run.folder
        assert "the test images are not looked at again" in ear.lines[-1]
        assert "once before" not in " ".join(second.cautions)
    assert len(second.trials) > len(first.trials)
    assert second.looks == 2
    assert second.run.folder == tmp_path / "out" / "best-2"
    assert second.recipe_file == tmp_path / "out" / "best-2.toml"
    assert "The test images had been looked at once before in this search" in second.cautions[-1]
    assert {path: path.read_bytes() for path in (tmp_path / "out" / "best").iterdir()} == kept


def test_a_result_that_was_moved_away_is_made_again_beside_what_is_there(search, tmp_path):
    first = search(2)
    (tmp_path / "out" / "best").rename(tmp_path / "mine")
    found = search(1, engine=Pretend(loss=lambda _: 9.0))
    assert found.best.number == first.best.number
    assert found.run.folder == tmp_path / "out" / "best-2"
    assert found.looks == 2


def test_the_trials_depend_on_the_seed_and_not_on_interruptions(search, tmp_path):
    whole, parts = Pretend(), Pretend(lambda number: KeyboardInterrupt() if number == 3 else None)
    search(6, engine=whole, out=tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        search(6, engine=parts, out=tmp_path / "parts")
    assert not (tmp_path / "parts" / "best").exists()
    rest = Pretend()
    found = search(3, engine=rest, out=tmp_path / "parts")
    assert [*parts.asked[:3], *rest.asked[:3]] == whole.asked[:6]
    assert found.looks == 1


def test_ctrl_c_in_the_final_training_looks_at_nothing(search, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        search(2, engine=Pretend(lambda number: KeyboardInterrupt() if number == 2 else None))
    assert names_in(tmp_path / "out") == ["study.db", "study.lock", "tuning.csv"]
    assert search(1).looks == 1


def test_a_training_that_returns_interrupted_ends_the_search(search):
    def interrupted(trial, image_set, folder, listen):
        return SimpleNamespace(status="interrupted")

    with pytest.raises(KeyboardInterrupt):
        search(2, engine=interrupted)
    assert [trial.number for trial in search(1).trials] == [1]


def test_a_killed_search_goes_on(search, images, tmp_path):
    """The process is really killed (SIGKILL), in the middle of its third trial."""
    script = (
        "import importlib.util, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        f"spec = importlib.util.spec_from_file_location('pretend', {str(Path(__file__))!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(module)\n"
        f"module.search_until_killed({str(images.root)!r}, {str(tmp_path / 'out')!r})\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert (tmp_path / "out" / ".trial" / "half").is_file()  # what the killed trial left
    found = search(2)
    assert [trial.number for trial in found.trials] == [0, 1, 3, 4]
    assert not (tmp_path / "out" / ".trial").exists()
    whole = Pretend()
    search(4, engine=whole, out=tmp_path / "whole")
    assert [trial.log_loss for trial in found.trials] == [
        pytest.approx(loss_of(one.recipe)) for one in whole.asked[:4]
    ]


def search_until_killed(data, out):
    def killed(number):
        if number == 2:
            (Path(out) / ".trial" / "half").write_text("half a model")
            os.kill(os.getpid(), signal.SIGKILL)

    tune(load_images(data), RECIPE, 60, out, trials=9, engine=Pretend(killed))


def test_the_recipe_may_be_a_file_and_the_images_a_folder(tiny_folder, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(recipes.to_toml(RECIPE), encoding="utf-8")
    found = tune(tiny_folder, file, 60, tmp_path / "out", trials=1, engine=Pretend())
    assert found.recipe == RECIPE


def test_a_failed_trial_is_recorded_with_its_reason_and_the_search_goes_on(search):
    error = TrainingError("the loss became nan in stage 1 (head), at rate 0.03. The last good")
    found = search(5, engine=Pretend(lambda number: error if number == 2 else None))
    assert [trial.status for trial in found.trials].count("failed") == 1
    assert found.trials[2].reason == "the loss became nan in stage 1 (head), at rate 0.03"
    assert found.trials[2].log_loss is None


def test_where_the_recipe_itself_fails_the_best_of_the_others_is_chosen(search):
    found = search(3, engine=Pretend(lambda number: None if number else TrainingError("nan")))
    assert found.default.status == "failed"
    assert found.best.number > 0
    assert found.verdict.startswith("The recipe as it is did not come to its end")


def test_where_all_trials_fail_the_last_reason_is_given(search, tmp_path):
    with pytest.raises(ComparisonError) as caught:
        search(2, engine=Pretend(lambda number: TrainingError(f"the loss was lost {number}")))
    assert str(caught.value).startswith(
        "none of 2 trials came to its end; the last: the loss was lost 1. Begin with smaller rates"
    )
    assert not (tmp_path / "out" / "best").exists()


def test_what_is_no_fault_of_the_settings_ends_the_search(search):
    error = ImageSetError("an image has vanished")
    with pytest.raises(ImageSetError, match="an image has vanished"):
        search(3, engine=Pretend(lambda number: error if number == 1 else None))
    assert [trial.number for trial in search(1).trials] == [0, 2]


@pytest.fixture
def hours(monkeypatch):
    """A clock that only moves when it is told to."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    return clock


class Slow(Pretend):
    """Takes ten seconds for a training, and 30 more for the first, which fills a store."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock

    def __call__(self, *arguments):
        run = super().__call__(*arguments)
        self.clock.now += 40.0 if len(self.asked) == 1 else 10.0
        return run


@pytest.mark.parametrize(
    ("seconds", "trials"),
    # The first trial takes 40 s, each further one 10 s, and 10 s are kept for the final training.
    [(1, 1), (59, 1), (60, 2), (69, 2), (70, 3), (110, 7)],
)
def test_no_trial_begins_that_would_take_more_than_the_time(seconds, trials, search, hours):
    found = search(None, minutes=seconds / 60 + 1e-9, engine=Slow(hours))
    assert len(found.trials) == trials
    if seconds >= 60:
        assert hours.now - 100 <= seconds


def test_every_command_tries_at_least_one_thing(search, hours):
    assert len(search(None, minutes=0.01, engine=Slow(hours)).trials) == 1
    assert len(search(None, minutes=0.01, engine=Slow(hours)).trials) == 2


def test_what_is_said_before_the_first_trial(search, images):
    ear = Heard()
    search(1, listen=ear)
    assert ear.lines[:2] == [
        "head.pooling: average, max, both",
        "head.dense: [], [128], [256], [512]",
    ]
    said = "\n".join(ear.lines)
    assert "60 minutes for everything: stored activations, trials, final training" in said
    train, val = len(images.split("train")), len(images.split("val"))
    # Plain images are one view each, and those to choose by are stored as well.
    cost = f"at most 2 epochs on {train} images, and {train + val} images once through the frozen"
    assert f"trial 0 is the recipe as it is: {cost} blocks" in said
    assert f"Only {val} validation images choose the settings, so the choice is partly" in said
    ear = Heard()
    search(1, listen=ear)
    assert any(line.startswith("continues the search in ") for line in ear.lines)


def test_only_what_can_be_stored_is_said_to_be_stored(search):
    ear = Heard()
    full = Recipe(stage=(Stage(train=("head", "block1")),))
    search(1, recipe=full, listen=ear)
    assert any("no activations can be stored" in line for line in ear.lines)


def test_all_faults_of_a_search_are_reported_at_once(search, images, tmp_path):
    without = replace(images, records=images.split("train"))
    with pytest.raises(ComparisonError) as caught:
        search(0, minutes=-3, image_set=without)
    message = str(caught.value)
    assert "the search needs a time of more than 0 minutes, received -3" in message
    assert "the search needs at least 1 trial, received 0" in message
    assert 'has no images in the split "val" to choose the settings by' in message
    assert 'has no images in the split "test" to judge the chosen settings by' in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("minutes", [0, math.inf, math.nan])
def test_a_time_must_be_one(minutes, search):
    with pytest.raises(ComparisonError, match="more than 0 minutes, received"):
        search(1, minutes=minutes)


def test_the_folder_of_a_run_is_left_alone(search, tiny_run):
    with pytest.raises(RunError, match="nothing is overwritten"):
        search(1, out=tiny_run.folder)


def test_true_trainings_are_found_again_in_the_final_one(tiny_recipe, images, tmp_path):
    found = tune(images, tiny_recipe, 60, tmp_path / "out", trials=2)
    assert [trial.status for trial in found.trials] == ["complete"] * 2
    assert found.run.status == "complete"
    assert found.run.model_file.is_file()
    assert found.run.recipe == found.recipe
    # Same recipe, images to learn from, and seed: the epochs of the final training are the trial's.
    import optuna

    study = optuna.load_study(study_name="tuning", storage=f"sqlite:///{tmp_path}/out/study.db")
    tried = study.trials[found.best.number].user_attrs["history"]
    assert [one["val_loss"] for one in tried] == [one.val_loss for one in found.run.history]
