"""What is examined, and in which order it is said."""

import pytest
from support.patients import healthy_recipe, healthy_run

import vgg_transfer as vt
from vgg_transfer.doctor import diagnose
from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.recipe import to_toml


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
    with pytest.raises(RecipeError, match=r"is neither a run folder .* nor a recipe: no recipe is"):
        diagnose("exact-frist")
    with pytest.raises(RecipeError, match="cannot read the recipe file"):
        diagnose(tmp_path / "none.toml")
    (tmp_path / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match=r"is damaged: run\.json"):
        diagnose(tmp_path)
