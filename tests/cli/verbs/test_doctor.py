"""``vgg-transfer doctor``: what a person reads, and what a program gets."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.answers import checked
from support.drawn import Engine

from vgg_transfer.cli import main
from vgg_transfer.doctor import treat
from vgg_transfer.recipe import read


def test_a_recipe_is_explained(ran):
    shown = ran("doctor", "dog-cat-frozen-noise")
    assert 'examined  recipe "dog-cat-frozen-noise"' in shown
    assert "warning   Blocks with random weights that never train (recipe)" in shown
    assert "  seen    block1, block2, block3, block4, block5 start at random" in shown
    assert "  why     A head on random filters is asked to tell classes apart by noise" in shown
    assert '  do      use base.weights = "imagenet" or train these blocks' in shown
    assert shown.endswith("1 warning\n")


def test_a_healthy_recipe_gets_one_word(ran):
    assert ran("doctor", "probe").endswith("nothing was found\n")


def test_a_run_as_json_has_reasons(ran, tiny_run):
    found = checked("doctor", ran("doctor", tiny_run.folder, "--json"))
    assert found["target"] == f'run "{tiny_run.folder}"'
    by_code = {one["code"]: one for one in found["findings"]}
    assert by_code["few-from-scratch"]["severity"] == "warning"
    assert by_code["few-from-scratch"]["why"].startswith("Millions of weights")
    assert by_code["few-from-scratch"]["rests_on"].startswith("Training images below 10,000")


def test_the_catalogue_is_printed_as_it_lies_in_the_documents(ran):
    page = Path(__file__).parents[3] / "docs" / "doctor.md"
    assert ran("doctor", "--list") == page.read_text(encoding="utf-8")
    found = checked("doctor", ran("doctor", "--list", "--json"))
    assert "frozen-noise" in [one["code"] for one in found["entries"]]
    assert "give a TARGET to examine, or --list" in ran("doctor", code=2)
    assert "give a TARGET to examine, or --list" in ran("doctor", "probe", "--list", code=2)


def test_what_is_neither_run_nor_recipe_is_an_error(ran):
    assert 'error: "nothing" is neither a run folder' in ran("doctor", "nothing", code=1)


def test_options_of_the_treatment_need_it(ran, tmp_path):
    assert "--minutes, --seeds and --out are of --treat" in ran(
        "doctor", "probe", "--minutes", "5", code=2
    )
    taken = tmp_path / "taken.toml"
    taken.touch()
    said = ran("doctor", "probe", "--treat", "--out", taken, code=1)
    assert "exists already, and nothing is overwritten" in said
    assert "a recipe alone cannot be treated" in ran("doctor", "probe", "--treat", code=1)


def test_a_treatment_is_announced_and_written(ran, uneven, recipe_file, tmp_path, monkeypatch):
    """The trainings are drawn: class weights take 1 of 40 for the other class, all else 15."""
    wrong = {"unchanged": 15, "class-weights": 1, "balanced-sampling": 15}
    drawn = partial(treat, engine=Engine(wrong))
    monkeypatch.setattr("vgg_transfer.cli.display.treatment.treat", drawn)
    out = tmp_path / "treated.toml"
    asked = ["doctor", uneven, "--recipe", recipe_file, "--treat", "--no-model"]
    shown = ran(*asked, "--minutes", "30")
    assert "tries beside tiny as it is: class weights balanced, every class drawn" in shown
    assert "at most 30 min for 9 trainings on 46 images (3 seeds each)" in shown
    assert "treated   unchanged: balanced accuracy 62.5% on 40 validation images" in shown
    assert "class weights balanced: +35.0 points [" in shown
    assert "take this: class weights balanced" in shown
    found = checked("doctor", ran(*asked, "--out", out, "--json"))["treatment"]
    assert [one["name"] for one in found["tried"]] == ["class-weights", "balanced-sampling"]
    assert found["tried"][0]["because"] == ["imbalance"]
    assert (found["best"], found["measure"]) == ("class-weights", "balanced accuracy")
    assert read(out).class_weights == "balanced"
    assert out.read_text("utf-8") == Path(found["recipe_file"]).read_text("utf-8")


def test_a_treatment_that_is_stopped_says_how_it_goes_on(uneven, recipe_file, monkeypatch, capsys):
    stops = Engine({}, fails={"unchanged-seed0": KeyboardInterrupt()})
    monkeypatch.setattr("vgg_transfer.cli.display.treatment.treat", partial(treat, engine=stops))
    with pytest.raises(SystemExit) as left:
        main(["doctor", str(uneven), "--recipe", str(recipe_file), "--treat", "--no-model"])
    assert left.value.code == 130
    assert "what was trained is kept, and the same command goes on" in capsys.readouterr().out


@pytest.fixture
def uneven(tmp_path, monkeypatch):
    """Coloured noise: 45 blue and 12 red to learn from, and 20 of each to judge."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for split, counts in (("train", (45, 12)), ("val", (20, 20)), ("test", (2, 2))):
        for name, colour, count in zip(("blue", "red"), (60, 200), counts, strict=True):
            folder = tmp_path / "uneven" / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(rng.normal(colour, 60, (16, 16, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "uneven"
