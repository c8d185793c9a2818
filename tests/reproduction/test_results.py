"""The published results: each has its recipe, and says what is needed to compare with it."""

import pytest

from vgg_transfer.errors import ComparisonError
from vgg_transfer.recipe import named
from vgg_transfer.recipe.catalogue.registry import published_names
from vgg_transfer.reproduction.results import all_published, published


def test_every_result_has_a_recipe_of_its_name_and_every_recipe_a_result():
    assert tuple(one.name for one in all_published()) == published_names()


@pytest.mark.parametrize("name", published_names())
def test_a_result_says_what_it_takes_to_compare_with_it(name):
    one = published(name)
    assert 0.5 < one.accuracy < 1
    assert one.measured_on in ("val", "test")
    assert one.correct / one.images == pytest.approx(one.accuracy, abs=1e-12)
    assert one.train_images == 2000
    if one.measured_on == "val":
        assert one.images == one.val_images
    assert 0 < one.tolerance <= 1
    assert one.tolerance_reason
    assert one.title
    assert all(sentence.endswith(".") for sentence in one.differs)


def test_the_numbers_are_those_of_the_publications():
    assert {one.name: (one.accuracy, one.measured) for one in all_published()} == {
        "chollet-2016-bottleneck": (0.9075, "800 validation images"),
        "chollet-2016-finetune": (0.94, "800 validation images"),
        "dlwp1-features": (0.903, "1,000 validation images"),
        "dlwp1-augmented": (0.96, "1,000 validation images"),
        "dlwp1-finetune": (0.968, "1,000 test images"),
        "dlwp2-features": (0.97, "1,000 validation images"),
        "dlwp2-augmented": (0.975, "2,000 test images"),
        "dlwp2-finetune": (0.985, "2,000 test images"),
    }


def test_what_is_known_of_the_number_that_readers_do_not_get_is_said():
    assert "Readers report about 90%" in published("dlwp1-augmented").known


def test_pixels_that_the_weights_were_not_made_for_are_told_of_where_they_are_used():
    for one in all_published():
        if named(one.name).preprocess == "rescale" and one.name != "dlwp1-finetune":
            assert "Pixels / 255 is not what these weights were trained with." in one.known


def test_a_near_miss_is_suggested():
    with pytest.raises(ComparisonError) as caught:
        published("dlwp1-augment")
    assert str(caught.value) == (
        'no published result is called "dlwp1-augment". Did you mean "dlwp1-augmented"? '
        "See them all with: vgg-transfer reproduce --list"
    )
