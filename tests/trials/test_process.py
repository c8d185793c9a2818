"""Trials in processes of their own: real trainings, on a network of a few filters."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.comparison import compare, read_comparison
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import TrainingPlanned, nobody
from vgg_transfer.images import Shares, Splitting, load_images
from vgg_transfer.recipe import Base, Head, Stage
from vgg_transfer.trials import Trial, in_own_process, in_this_process

pytestmark = pytest.mark.slow


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, in order."""
    found = []

    class Kept(subprocess.Popen):
        def __init__(self, *arguments, **settings):
            super().__init__(*arguments, **settings)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Kept)
    return found


def test_another_process_trains_and_reports_the_same_as_this_one(
    tiny_recipe, images, tmp_path, started, monkeypatch
):
    trial, heard, there = Trial(tiny_recipe, 1, cache=False), Heard(), Heard()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)  # it is looked for again
    own = in_own_process(trial, images, tmp_path / "own", heard)
    assert list(temporary.iterdir()) == []
    here = in_this_process(trial, images, tmp_path / "here", there)
    assert own == record.read(tmp_path / "own")
    assert own.judged == here.judged
    assert [one.val_loss for one in own.history] == [one.val_loss for one in here.history]
    assert [type(event) for event in heard.events] == [type(event) for event in there.events]
    assert heard.outcomes[0] == own.stages[0]
    assert started[0].poll() is not None


def test_an_error_of_the_training_is_raised_here(tiny_recipe, tiny_folder, tmp_path):
    explode = Stage(train=("block1", "block2", "head"), epochs=9, optimizer="sgd", rate=10.0)
    changes = {
        "base": Base(weights="none", blocks=2, width=0.1),
        "batch_size": 8,
        "stage": (explode,),
        "head": Head(dense=(64, 64)),
    }
    wild = tiny_recipe.changed(**changes)
    images = load_images(tiny_folder)
    with pytest.raises(TrainingError, match=r"in stage 1 \(head \+ block2 \+ block1\), epoch"):
        in_own_process(Trial(wild, 0), images, tmp_path / "wild", nobody)
    assert record.read(tmp_path / "wild").status == "failed"


def test_a_process_that_dies_is_a_failed_trial(tiny_recipe, images, tmp_path, started):
    class AtThePlan(Heard):
        def on(self, event):
            if isinstance(event, TrainingPlanned):
                started[0].kill()

    with pytest.raises(TrainingError) as caught:
        in_own_process(Trial(tiny_recipe, 0), images, tmp_path / "run", AtThePlan())
    assert str(caught.value) == (
        "its process was ended by the system (SIGKILL), most often because memory ran out; use a "
        "smaller batch_size or size, or end other programs"
    )
    assert not record.has_checkpoint(tmp_path / "run")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for Python")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "echo first >&2; echo lost >&2; exit 3",
            "ended with code 3: lost",
        ),
        (
            "echo 'smashed é' >&2; echo >&2; kill -SEGV $$",
            "crashed (SIGSEGV): smashed é",
        ),
        ("exit 1", "ended with code 1"),
    ],
)
def test_a_process_that_ends_without_a_result_gives_the_reason(
    script, reason, tiny_recipe, images, tmp_path, monkeypatch
):
    broken = tmp_path / "python"
    broken.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(TrainingError) as caught:
        in_own_process(Trial(tiny_recipe, 0), images, tmp_path / "run", nobody)
    assert str(caught.value) == f"its process {reason}"


def test_ctrl_c_ends_the_process_too(tiny_recipe, images, tmp_path, started):
    class Press(Heard):
        def on(self, event):
            if isinstance(event, TrainingPlanned):
                raise KeyboardInterrupt

    recipes = [tiny_recipe, tiny_recipe.changed(name="other")]
    with pytest.raises(KeyboardInterrupt):
        compare(images, recipes, tmp_path / "out", 1, listen=Press())
    assert started[0].poll() is not None
    assert list((tmp_path / "out" / "trials").iterdir()) == []


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two classes of 50 noisy images each, that are hard to tell apart."""
    folder, rng = tmp_path_factory.mktemp("data") / "many images", np.random.default_rng(0)
    for name, level in (("dark", 115), ("light", 135)):
        (folder / name).mkdir(parents=True)
        for number in range(50):
            pixels = np.clip(rng.normal(level, 90, (16, 16, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


def children_of(process):
    listed = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(listed) as file:  # noqa: PTH123 (no file on a disk)
        return [int(number) for number in file.read().split()]


def wait_until(what, seconds=120):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def is_alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    # One that has ended and that nobody has asked about yet is still listed.
    with open(f"/proc/{number}/stat") as file:  # noqa: PTH123
        return file.read().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks processes up in /proc")
@pytest.mark.timeout(600)
def test_a_comparison_killed_and_continued_equals_one_never_killed(tiny_recipe, many, tmp_path):
    stage = tiny_recipe.stage[0].changed(epochs=40, stopping=None)
    second = tiny_recipe.changed(name="second", batch_size=8, stage=(stage,))
    names = []
    for recipe in (tiny_recipe, second):
        names.append(tmp_path / f"{recipe.name} recipe.toml")
        names[-1].write_text(recipes.to_toml(recipe))
    out = tmp_path / "my out"
    command = [
        sys.executable, "-m", "vgg_transfer", "compare", str(many), "--out", str(out),
        "--recipes", ", ".join(map(str, names)), "--seeds", "1", "--test", "0.5", "--json",
    ]  # fmt: skip
    trials = out / "trials"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until((trials / "tiny-seed0").exists)
        wait_until(lambda: record.has_checkpoint(trials / ".trial" / "run"))
        (child,) = children_of(process)
        process.kill()
    wait_until(lambda: not is_alive(child), seconds=20)
    assert record.read(trials / ".trial" / "run").status == "running"
    assert [path.name for path in trials.iterdir() if not path.name.startswith(".")] == [
        "tiny-seed0"
    ]
    written = (trials / "tiny-seed0" / "run.json").stat().st_mtime_ns

    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "1 of 2 trials have come to their end before" in again.stderr
    assert "trial 2 of 2: second, seed 0, goes on after " in again.stderr
    assert (trials / "tiny-seed0" / "run.json").stat().st_mtime_ns == written
    assert sorted(path.name for path in trials.iterdir()) == [
        "second-seed0",
        "tiny-seed0",
    ]

    found = read_comparison(out)
    images = load_images(many, 0, Splitting(Shares(None, 0.5)))
    assert found.test_images >= 30
    never = compare(images, [tiny_recipe, second], tmp_path / "never", 1, in_this_process)
    assert found.verdicts == never.verdicts
    assert found.pairs == never.pairs
    assert [one.by_seed for one in found.standings] == [one.by_seed for one in never.standings]
    for trial in never.trials:
        here, there = (record.read(folder / trial.folder) for folder in (out, tmp_path / "never"))
        assert here.judged == there.judged
        assert [one.loss for one in here.history] == [one.loss for one in there.history]
        assert equal(weights_of(here), weights_of(there))
        assert not record.has_checkpoint(here.folder)
