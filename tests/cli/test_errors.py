"""What a user gets wrong: one clear message, exit 1, nothing written."""

import shutil
import sys

import h5py
import numpy as np
import pytest

from vgg_transfer import recipe as recipes
from vgg_transfer.cli import main
from vgg_transfer.errors import RunError


@pytest.fixture
def recipe_file(tiny_recipe, tmp_path):
    file = tmp_path / "tiny recipe.toml"
    file.write_text(recipes.to_toml(tiny_recipe), encoding="utf-8")
    return str(file)


@pytest.fixture
def failed(capsys, tmp_path):
    """Run a command that must fail, check that it left nothing, and return its message."""

    def run(*arguments, code=1):
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        message = capsys.readouterr().err
        assert leaving.value.code == code, message
        assert sorted(tmp_path.rglob("*")) == before
        if code == 1:
            assert message.count("error: ") == 1
            assert message.startswith("error: ")
        assert "Traceback" not in message
        return message

    return run


@pytest.fixture
def fails_to_train(failed, recipe_file, tmp_path):
    def run(data, *arguments, recipe=recipe_file):
        return failed("train", data, "--recipe", recipe, "--out", tmp_path / "out", *arguments)

    return run


def test_a_folder_that_is_not_there(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder.with_name("tiny imags"))
    assert 'tiny imags" does not exist' in message
    assert 'Did you mean "tiny images"?' in message


def test_an_unknown_recipe(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder, recipe="stagged")
    assert 'no recipe is called "stagged". Did you mean "staged"?' in message


def test_a_name_is_not_read_as_markup(fails_to_train, tiny_folder):
    assert 'no recipe is called "[red]x[/red]"' in fails_to_train(
        tiny_folder, recipe="[red]x[/red]"
    )


def test_a_recipe_file_that_is_not_there(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder, recipe="gone.toml")
    assert 'cannot read the recipe file "gone.toml"' in message


def test_an_unknown_key_and_a_rate_as_text_are_reported_together(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder, "--set", "stage.1.rat=1", "--set", "stage.1.rate=fast")
    assert 'stage.1.rat: unknown key. Did you mean "rate"?' in message
    assert 'received "fast"' in message


def test_epochs_for_stages_that_are_not_there(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder, "--epochs", "5,10")
    assert "--epochs needs one number for each stage" in message


def test_unfreezing_what_has_no_steps(fails_to_train, tiny_folder):
    assert "--unfreeze 2 applies to" in fails_to_train(tiny_folder, "--unfreeze", "2")


def test_a_size_that_is_too_small(fails_to_train, tiny_folder):
    assert "greater than or equal to 8; received 2" in fails_to_train(tiny_folder, "--size", "2")


def test_tensorboard_that_is_not_installed(fails_to_train, tiny_folder, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    message = fails_to_train(tiny_folder, "--tensorboard", tmp_path / "board")
    assert "logging for TensorBoard needs its package" in message


def test_an_output_folder_that_is_not_empty(failed, recipe_file, tiny_folder, tmp_path):
    out = tmp_path / "kept"
    out.mkdir()
    (out / "precious.txt").write_text("here before")
    message = failed("train", tiny_folder, "--recipe", recipe_file, "--out", out)
    assert "is not empty; nothing is overwritten" in message
    assert (out / "precious.txt").read_text() == "here before"


def test_weights_of_another_network(fails_to_train, tiny_folder, tmp_path):
    file = tmp_path / 'some "other" net.h5'
    with h5py.File(file, "w") as content:
        content["dense/kernel"] = np.zeros((2, 2))
    message = fails_to_train(tiny_folder, "--set", "base.width=1.0", "--weights", file)
    assert "is of another network" in message
    assert file.name in message


def test_weights_that_are_not_there(fails_to_train, tiny_folder):
    message = fails_to_train(tiny_folder, "--set", "base.width=1.0", "--weights", "gone.h5")
    assert 'there is no weights file "gone.h5"' in message


def test_an_empty_class(fails_to_train, tiny_folder, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(tiny_folder, data)
    (data / "green").mkdir()
    assert 'class folder "green" has no readable images' in fails_to_train(data)


def test_one_class(fails_to_train, tiny_folder, tmp_path):
    shutil.copytree(tiny_folder / "red", tmp_path / "data" / "red")
    assert 'there is one class only, "red"' in fails_to_train(tmp_path / "data")


def test_no_images(fails_to_train, tmp_path):
    (tmp_path / "data").mkdir()
    assert "it is empty" in fails_to_train(tmp_path / "data")


def test_unreadable_files_only(fails_to_train, tmp_path):
    for name in ("red", "blue"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "photo.jpg").write_text("not a photo")
    message = fails_to_train(tmp_path / "data")
    assert "no readable images" in message
    assert '"photo.jpg": not an image' in message


def test_a_folder_that_is_no_run(failed, tiny_folder):
    for verb in (["evaluate", tiny_folder], ["predict", tiny_folder, tiny_folder]):
        assert "is not a run folder" in failed(*verb)


def test_predictions_to_a_place_that_cannot_be(failed, tiny_run, tiny_folder, tmp_path):
    (tmp_path / "there.csv").write_text("here before")
    for name, reason in (
        ("there.csv", "exists already, and nothing is overwritten"),
        ("new.xlsx", "known endings are .csv, .json"),
        ("gone/new.csv", "there is no folder"),
    ):
        message = failed("predict", tiny_run.folder, tiny_folder, "--out", tmp_path / name)
        assert reason in message


def test_a_path_that_is_not_there_does_not_wait_for_tensorflow(failed, tiny_run, monkeypatch):
    monkeypatch.setattr("vgg_transfer.cli.quiet.load_tensorflow", pytest.fail)
    assert 'no file or folder "nope.jpg"' in failed("predict", tiny_run.folder, "nope.jpg")


def test_nothing_readable_to_predict(failed, tiny_run, tmp_path):
    (tmp_path / "notes.txt").write_text("no photo")
    message = failed("predict", tiny_run.folder, tmp_path, "--out", tmp_path / "new.csv")
    assert "none of the files is an image" in message
    assert 'notes.txt": not an image' in message


def test_a_sample_that_cannot_be_drawn(failed, tmp_path):
    assert "train = 0: give 1" in failed("sample", tmp_path / "pets", "--train", "0")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["train"], "Missing argument"),
        (["trian", "x"], "No such command 'trian'"),
        (["train", "x", "--epochs", "5,ten"], '"5,ten" is not a list of whole numbers'),
        (["train", "x", "--minutes", "0"], "0 is not a positive number such as 10 or 0.5"),
        (["train", "x", "--seed", "-1"], "--seed"),
        (["predict", "run", "x", "--top", "0"], "--top"),
        (["evaluate", "run", "x", "--jsn"], "No such option"),
    ],
)
def test_wrong_usage_exits_2(failed, arguments, complaint):
    assert complaint in failed(*arguments, code=2)


def test_a_message_moves_no_cursor_and_is_no_novel(failed, monkeypatch):
    def refuse(folder):
        raise RunError(f"line one\nof \x1b[2J{folder}: {'x' * 9000}")

    monkeypatch.setattr("vgg_transfer.run.read", refuse)
    message = failed("evaluate", "run")
    assert message.startswith("error: line one\nof \\x1b[2Jrun: xxx")
    assert len(message) < 4100
    assert "… and 5,0" in message


def test_a_file_that_cannot_be_used_is_named(failed, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied", f"{folder}/inside")

    monkeypatch.setattr("vgg_transfer.run.read", refuse)
    assert failed("evaluate", "run") == 'error: "run/inside" cannot be used: Permission denied\n'
