"""How the settings in which two recipes differ are named."""

from support import drawn

from vgg_transfer.trials.trial import differences


def test_differences_name_a_setting_by_its_path_in_the_recipe():
    first, second = drawn.recipe_of("one"), drawn.recipe_of("two", size=32)
    slower = second.stage[0].changed(rate=1e-5)
    second = second.changed(stage=(slower, slower))
    found = differences(first, second)
    assert found.startswith("name (one, two), size (16, 32), stage.1.rate (0.001, 1e-05), ")
    assert "stage.2.rate (absent, 1e-05)" in differences(first, second, most=99)


def test_of_many_differences_the_first_are_named():
    changes = {"size": 32, "batch_size": 8, "precision": "fp32"}
    found = differences(drawn.recipe_of("one"), drawn.recipe_of("one", **changes), most=2)
    assert found == "size (16, 32), precision (auto, fp32) and 1 more"


def test_a_description_is_not_a_difference():
    assert differences(drawn.recipe_of("one"), drawn.recipe_of("one", description="words")) == ""
