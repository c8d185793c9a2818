"""Each verb in its good case."""

import csv
import dataclasses
import inspect
import json
import shutil

import pytest
from support.answers import checked

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.cli import main
from vgg_transfer.cli.display.training import TrainingDisplay
from vgg_transfer.cli.verbs import sample
from vgg_transfer.events import EpochEnded
from vgg_transfer.sample import SampleOptions


def test_train_does_what_its_options_say(ran, recipe_file, tiny_folder, tmp_path):
    out = tmp_path / "my run"
    text = ran(
        "train", tiny_folder, "--recipe", recipe_file, "--out", out, "--seed", "3",
        "--size", "24", "--epochs", "2", "--set", "stage.1.stopping.patience=1",
        "--no-early-stopping", "--set", "head.dropout=0.5", "--no-cache",
    )  # fmt: skip
    run = record.read(out)
    assert run.seed == 3
    assert (run.recipe.size, run.recipe.head.dropout) == (24, 0.5)
    (stage,) = run.recipe.stage
    assert (stage.epochs, stage.stopping) == (2, None)
    assert len(run.history) == 2
    assert "images    24 images in 2 classes (blue 12, red 12)" in text
    assert "This drawing is not remembered (--no-cache, cache=False)" in text
    assert "block1 start at random and never train" in text
    assert "result    on held-out test images: accuracy" in text
    assert f"  vgg-transfer predict '{out}' IMAGES" in text


def test_tensorboard_finds_its_events(ran, recipe_file, tiny_folder, tmp_path):
    pytest.importorskip("tensorboard")
    board = ("--tensorboard", tmp_path / "board")
    ran("train", tiny_folder, "--recipe", recipe_file, "--out", tmp_path / "run", *board)
    assert list((tmp_path / "board").rglob("events.*"))


def test_files_that_are_no_images_are_listed_and_counted(
    ran, recipe_file, tiny_folder, tmp_path, monkeypatch
):
    data = tmp_path / "data"
    shutil.copytree(tiny_folder, data)
    for number in range(7):
        (data / "red" / f"{number}.txt").write_text("a note")
    monkeypatch.chdir(tmp_path)
    text = ran("train", "data", "--recipe", recipe_file)
    assert "saved in  runs/tiny-" in text  # below this folder, so that the name is short
    assert 'skipped   "red/0.txt": not an image' in text
    assert '"red/4.txt"' in text
    assert '"red/5.txt"' not in text
    assert "and 2 more" in text


def test_ctrl_c_keeps_what_was_learnt(both, recipe_file, tiny_folder, tmp_path, monkeypatch):
    def interrupt(self, event):
        if isinstance(event, EpochEnded):
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainingDisplay, "__call__", interrupt)
    arguments = ("train", tiny_folder, "--recipe", recipe_file, "--out", tmp_path / "run")
    text = both(*arguments, code=130).out
    assert "interrupted: the best weights so far are kept" in text
    assert record.read(tmp_path / "run").status == "interrupted"
    monkeypatch.undo()
    text = both("evaluate", tmp_path / "run").out
    assert "on the test images of" in text
    assert "did not come to its end: interrupted." in text


def test_evaluate_finds_the_numbers_of_the_training_again(ran, tiny_run):
    answer = checked("evaluate", ran("evaluate", tiny_run.folder, "--json"))
    assert answer["metrics"] == tiny_run.metrics.to_dict()
    assert answer["judged_on"] == "test"
    assert answer["cautions"] == []


def test_a_run_is_judged_with_its_recipes_averaging_unless_told_otherwise(
    ran, recipe_file, tiny_folder, tmp_path
):
    out = tmp_path / "run"
    text = ran("train", tiny_folder, "--recipe", recipe_file, "--out", out, "--set", "tta=flip")
    assert "result    on held-out test images, averaged over their mirror images too: acc" in text
    assert "averaged over their mirror images too: " in ran("evaluate", out)
    for options, tta in (((), "flip"), (("--tta", "none"), None)):
        assert checked("evaluate", ran("evaluate", out, "--json", *options))["tta"] == tta


def test_evaluate_says_when_it_flatters(ran, tiny_run, tiny_folder):
    text = ran("evaluate", tiny_run.folder, tiny_folder)
    seen = sum(row.split != "test" for row in tiny_run.manifest)
    assert f"{seen} of these 24 images were trained on or chose the weights" in text
    assert "on all images of folder" in text


def test_predict_shows_a_table(ran, tiny_run, tiny_folder):
    lines = ran("predict", tiny_run.folder, tiny_folder / "red", "--top", "9").splitlines()
    assert lines[0].split() == ["path", "class", "probability"]
    assert len(lines) == 1 + 12 * 2  # nine are asked for, two classes there are
    assert lines[1].startswith(str(tiny_folder / "red" / "00.png"))


def test_predict_writes_csv_and_json(ran, tiny_run, tiny_folder, tmp_path):
    (tmp_path / "notes.txt").write_text("no photo")
    arguments = ("predict", tiny_run.folder, tiny_folder / "red" / "00.png", tmp_path / "notes.txt")
    text = ran(*arguments, "--out", tmp_path / "found.csv", "--top", "2")
    assert "1 of 2 files cannot be read" in text
    with (tmp_path / "found.csv").open(newline="") as file:
        red, notes = csv.DictReader(file)
    assert (notes["class"], notes["error"]) == ("", "not an image")
    assert float(red["probability"]) >= float(red["probability_2"])

    ran(*arguments, "--out", tmp_path / "found.json", "--top", "2")
    written = json.loads((tmp_path / "found.json").read_text())
    printed = checked("predict", ran(*arguments, "--top", "2", "--json"))
    assert printed == {"run": str(tiny_run.folder), **written}
    assert written["predictions"][0]["top"] == [
        {"class": red["class"], "probability": float(red["probability"])},
        {"class": red["class_2"], "probability": float(red["probability_2"])},
    ]
    assert written["predictions"][1]["error"] == "not an image"


def test_recipes_lists_all_of_them(ran):
    text = ran("recipes")
    assert all(f"\n  {name} " in text for name in recipes.names())
    listed = checked("recipes", ran("recipes", "--json"))["recipes"]
    assert [each["name"] for each in listed] == list(recipes.names())


@pytest.mark.parametrize("name", recipes.names())
def test_a_printed_recipe_is_the_recipe(ran, name, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(ran("recipes", name), encoding="utf-8")
    assert recipes.read(file) == recipes.named(name)
    assert file.read_text().startswith("# ")


def test_sample_has_the_defaults_of_its_options():
    written = inspect.signature(sample.sample).parameters
    for field in dataclasses.fields(SampleOptions):
        assert written[field.name].default == field.default, field.name


def test_sample_draws_and_tells_what_it_planted(ran, tmp_path):
    folder = tmp_path / "my pets"
    answer = checked(
        "sample",
        ran(
            "sample", folder, "--train", "2", "--val", "1", "--test", "1", "--size", "32",
            "--broken", "1", "--leaks", "1", "--json",
        ),
    )  # fmt: skip
    assert sum(answer["counts"].values()) == 2 * 4 + 2
    assert {problem["kind"] for problem in answer["problems"]} == {"leak", "broken_truncated"}
    assert all((folder / problem["path"]).is_file() for problem in answer["problems"])


@pytest.mark.slow
def test_train_stops_where_the_next_block_is_not_worth_it_and_says_so(
    ran, tiny_recipe, tiny_folder, tmp_path
):
    solved = recipes.Stage(train=("head",), optimizer="exact")  # tells the two colours apart
    stages = (solved, *tiny_recipe.stage)
    file = tmp_path / "two stages.toml"
    file.write_text(recipes.to_toml(tiny_recipe.changed(stage=stages)))
    out = tmp_path / "run"
    train = ("train", tiny_folder, "--recipe", file, "--set", "until=worth it", "--no-cache")
    text = ran(*train, "--out", out)
    run = record.read(out)
    (advice,) = run.advice
    assert advice.said.startswith("opening block2: expected ")
    assert advice.said.endswith("; stopped")
    assert len(run.stages) == 1
    assert f"advice    {advice.said}\n" in text
    assert text.count(advice.said) == 2  # when it is decided, and beside the result
    answer = checked("train", ran(*train, "--out", tmp_path / "again", "--json"))
    codes = [one["code"] for one in answer["findings"]]
    assert (codes[0], codes[-1]) == ("frozen-noise", "worth-it")
    assert [one["goes_on"] for one in answer["advice"]] == [False]
    assert answer["stages"][0]["ended"].endswith(answer["advice"][0]["said"])


def test_train_in_a_given_time_says_what_came_of_it(ran, recipe_file, tiny_folder, tmp_path):
    train = ("train", tiny_folder, "--recipe", recipe_file, "--minutes", "50.5")
    text = ran(*train, "--out", tmp_path / "run")
    assert "50.5 min: nothing is left out: about " in text
    assert " of 50.5 min\n" in text
    answer = checked("train", ran(*train, "--out", tmp_path / "again", "--json"))
    assert answer["findings"][-1]["code"] == "minutes"
    assert answer["findings"][-1]["seen"].startswith("50.5 min: nothing is left out: about ")


def test_predict_may_say_that_it_does_not_know(tiny_run, tiny_folder, ran):
    image = tiny_folder / "red" / "00.png"
    told = ran("predict", tiny_run.folder, image, "--certain", "0.99")
    # Four validation images promise nothing: both classes are possible, and no answer is sure.
    assert "I don't know" in told
    assert ("red, blue" in told) or ("blue, red" in told)
    text = ran("predict", tiny_run.folder, image, "--certain", "0.99", "--json")
    answer = checked("predict", text)
    assert answer["predictions"][0]["sure"] is False


def test_a_certainty_in_percent_is_wrong_usage(tiny_run, tiny_folder, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["predict", str(tiny_run.folder), str(tiny_folder), "--certain", "95"])
    assert leaving.value.code == 2
    assert "--certain is a share of images" in capsys.readouterr().err


def test_evaluate_says_what_calibration_does(tiny_run, ran):
    told = ran("evaluate", tiny_run.folder, "--calibrated")
    assert "fitted on 4 validation images" in told
    assert "expected calibration error" in told
    assert "calibrated" not in json.loads(ran("evaluate", tiny_run.folder, "--json"))
