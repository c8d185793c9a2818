"""``vgg-transfer resume``, and what is said where a training is not finished."""

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
from support.answers import checked
from support.killed import Killed, KilledAt, drawn_run, killed_run

from vgg_transfer import recipe as recipes
from vgg_transfer.cli.display.training import TrainingDisplay
from vgg_transfer.events import Stepped
from vgg_transfer.run import read
from vgg_transfer.training import train

# Where tests are run in the background, Ctrl-C is ignored, and so by all that they start.
PROGRAM = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from vgg_transfer.__main__ import program; program()"
)
BATCHES = 3  # of one epoch: 16 images in two, and the validation images in one


@pytest.fixture(scope="module")
def longer(tiny_recipe):
    (stage,) = tiny_recipe.stage
    return tiny_recipe.changed(batch_size=8, stage=(stage.changed(epochs=4),))


@pytest.fixture(scope="module")
def left(longer, images, tmp_path_factory):
    """What a training left that was killed in the middle of its third epoch: to be copied."""
    folder = tmp_path_factory.mktemp("left") / "my run"
    with pytest.raises(Killed):
        train(longer, images, folder, listen=KilledAt(3 * BATCHES - 1))
    return folder


@pytest.fixture
def killed(left, tmp_path):
    return shutil.copytree(left, tmp_path / "my run")


def test_it_goes_on_to_the_same_end(ran, killed, longer, images, tmp_path):
    text = ran("resume", killed)
    whole = train(longer, images, tmp_path / "whole")
    run = read(killed)
    assert (run.status, run.metrics, run.judged) == ("complete", whole.metrics, whole.judged)
    assert text.startswith(f"resumes   {killed}\nrecipe    tiny: no description\n")
    assert re.search(r"goes on after [\d.]+ s: in stage 1 of 1, behind [12] epochs?", text)
    assert "result    on held-out test images: accuracy" in text
    assert text.endswith(
        f"saved in  {killed}\n\n  vgg-transfer evaluate '{killed}'\n"
        f"  vgg-transfer predict '{killed}' IMAGES\n"
    )


def test_json_is_as_of_a_training(ran, killed):
    answer = checked("resume", ran("resume", killed, "--json"))
    assert (answer["run"], answer["status"]) == (str(killed), "complete")
    assert answer["stages"][0]["epochs"] == 4


def pressed_at(monkeypatch, batch):
    """Let Ctrl-C be pressed while a batch is computed, counted from 1."""
    left = [batch]
    draw = TrainingDisplay.__call__

    def drawn(self, event):
        draw(self, event)
        if isinstance(event, Stepped):
            left[0] -= 1
            if left[0] == 0:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(TrainingDisplay, "__call__", drawn)


def test_ctrl_c_says_what_is_kept_and_how_to_go_on(ran, longer, tiny_folder, tmp_path, monkeypatch):
    file, out = tmp_path / "longer.toml", tmp_path / "my run"
    file.write_text(recipes.to_toml(longer), encoding="utf-8")
    goes_on = f"  vgg-transfer resume '{out}'\n"
    use = f"  vgg-transfer evaluate '{out}'\n  vgg-transfer predict '{out}' IMAGES\n"
    pressed_at(monkeypatch, 1)
    written = ran("train", tiny_folder, "--recipe", file, "--out", out, "--json", code=130)
    assert "no epoch was finished, so there is no model yet; how far it came is kept" in written
    assert written.endswith(f"saved in  {out}\n\n{goes_on}")
    monkeypatch.undo()
    pressed_at(monkeypatch, 2 * BATCHES)
    written = ran("resume", out, "--json", code=130)
    assert "interrupted: the best weights so far are kept; they were not judged" in written
    assert written.endswith(goes_on + use)
    monkeypatch.undo()
    assert goes_on not in ran("resume", out)
    assert len(read(out).history) == 4


def test_an_unfinished_run_without_a_model_cannot_be_used_yet(ran, killed, tiny_folder):
    for verb in (("evaluate", killed), ("predict", killed, tiny_folder)):
        assert ran(*verb, code=1) == (
            f'error: the run "{killed}" has no model yet: its training is not finished. Go on with '
            f"it: `vgg-transfer resume '{killed}'`\n"
        )


def test_train_does_not_overwrite_it_and_names_the_command(ran, killed, recipe_file, tiny_folder):
    written = ran("train", tiny_folder, "--recipe", recipe_file, "--out", killed, code=1)
    assert "holds a training that is not finished: go on with it by " in written
    assert f"`vgg-transfer resume '{killed}'`" in written


def test_an_error_in_the_middle_says_how_to_go_on(ran, killed, monkeypatch):
    def full(self, event):
        if isinstance(event, Stepped):
            raise OSError(28, "No space left on device", "logs")

    monkeypatch.setattr(TrainingDisplay, "__call__", full)
    assert ran("resume", killed, code=1) == (
        'error: "logs" cannot be used: No space left on device\n'
        "What was trained is kept. Once nothing is in the way any more, go on: "
        f"`vgg-transfer resume '{killed}'`\n"
    )


@pytest.mark.parametrize(
    ("status", "options", "said"),
    [
        ("complete", (), "is complete, there is nothing to go on with; --extend 10 adds ten "),
        ("complete", ("--extend", "-1"), "must be a whole number from 1; received -1"),
        ("failed", (), "It would end so again: train with other settings"),
        ("interrupted", ("--out", "there"), "goes on in its own folder: leave --out out"),
    ],
)
def test_what_cannot_go_on_is_refused_at_once(ran, status, options, said, tmp_path):
    run = drawn_run(tmp_path / "run", status=status)
    assert said in ran("resume", run.folder, *options, code=1)


def test_what_differs_is_named(ran, tmp_path):
    run = killed_run(tmp_path / "run")
    written = ran("resume", run.folder, code=1)
    assert written.startswith(f'error: the run "{run.folder}" cannot go on as it began:\n')
    assert "  recipe.toml was changed\n" in written


@pytest.mark.parametrize("minutes", ["-1", "nan", "inf"])
def test_minutes_that_are_none_are_refused(ran, minutes, tiny_folder):
    written = ran("train", tiny_folder, "--checkpoint-minutes", minutes, code=2)
    assert f"{minutes} is not 0 or a positive number such as 5" in written


@pytest.mark.skipif(os.name == "nt", reason="needs signals of Unix")
@pytest.mark.parametrize("lines", [1, 9])
def test_a_real_ctrl_c_in_a_stage_ends_between_batches(lines, longer, tiny_folder, tmp_path):
    """Pressed once so many lines are written after the stage began; then it goes on to its end."""
    file, out = tmp_path / "longer.toml", tmp_path / "run"
    (stage,) = longer.stage
    many = longer.changed(stage=(stage.changed(epochs=2000, stopping=None),))
    file.write_text(recipes.to_toml(many), encoding="utf-8")
    command = [sys.executable, "-u", "-c", PROGRAM, "train", tiny_folder, "--recipe", file]
    with subprocess.Popen(
        [*map(str, command), "--out", str(out), "--checkpoint-minutes", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not process.stdout.readline().startswith("stage 1 of 1"):
            assert process.poll() is None
        for _ in range(lines):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=100)
    assert (process.returncode, errors) == (130, "")
    assert f"  vgg-transfer resume {out}\n" in rest
    assert read(out).status == "interrupted"
