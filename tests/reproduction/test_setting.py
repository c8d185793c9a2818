"""The publication's number of images, views that are stored instead, and what is said to differ."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.findings import seen
from support.origins import environment, images_used

from vgg_transfer.errors import ImageSetError, RecipeError
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.images.names import noted
from vgg_transfer.recipe import named, override
from vgg_transfer.reproduction.results import published
from vgg_transfer.reproduction.setting import (
    as_published,
    check_images,
    not_as_published,
    with_stored_views,
)

SMALL = replace(published("dlwp1-finetune"), train_images=6, val_images=4)


def images(train=(10, 10), val=(3, 5), test=(4, 4), class_names=("cats", "dogs")):
    """Return an image set with so many images of each class in each split."""
    records = tuple(
        ImageRecord(Path(f"{split}/{label}/{number}.png"), label, split, digest, 32, 32)
        for split, counts in (("train", train), ("val", val), ("test", test))
        for label, count in enumerate(counts)
        for number in range(count)
        for digest in (f"{split}-{label}-{number}",)
    )
    return ImageSet(
        'folder "pets"', tuple(class_names), records, findings=(noted("found", "As it was found."),)
    )


def counted(image_set):
    return Counter((record.split, record.label) for record in image_set.records)


def test_as_many_images_are_used_as_the_publication_had_and_all_test_images():
    found = as_published(SMALL, images(), seed=0)
    assert counted(found) == {
        ("train", 0): 3,
        ("train", 1): 3,
        ("val", 0): 2,
        ("val", 1): 2,
        ("test", 0): 4,
        ("test", 1): 4,
    }
    assert seen(found) == (
        "As it was found.",
        "6 of 20 train images are used, as in the publication, drawn by file contents and seed 0.",
        "4 of 8 val images are used, as in the publication, drawn by file contents and seed 0.",
    )


def test_the_records_keep_their_order():
    order = [record.path for record in images().records]
    kept = [record.path for record in as_published(SMALL, images(), seed=0).records]
    assert kept == [path for path in order if path in set(kept)]


def test_a_class_with_too_few_images_is_made_up_for_by_the_other():
    found = as_published(SMALL, images(train=(1, 10)), seed=0)
    assert (counted(found)["train", 0], counted(found)["train", 1]) == (1, 5)


def test_the_seed_decides_which_and_the_order_of_the_source_does_not():
    first, again, other = (as_published(SMALL, images(), seed=seed) for seed in (0, 0, 1))
    turned = replace(images(), records=images().records[::-1])
    assert first.records == again.records
    assert set(first.records) == set(as_published(SMALL, turned, seed=0).records)
    assert set(first.records) != set(other.records)


def test_what_is_not_more_stays_as_it_is():
    few = images(train=(3, 3), val=(2, 2))
    assert as_published(SMALL, few, seed=0) == few


def test_all_faults_of_the_images_are_told_at_once():
    three = images(train=(2, 2, 2), val=(0, 0, 0), test=(), class_names=("cats", "dogs", "hens"))
    with pytest.raises(ImageSetError) as caught:
        check_images(three)
    assert str(caught.value) == (
        'folder "pets" has 3 classes, and the published results tell one class from one other: '
        "give images of two classes\n"
        'folder "pets" has no val and no test images: give a source with all three splits, or one '
        "without splits, which is split for you"
    )


def test_stored_views_are_ten_for_long_stages():
    recipe, said = with_stored_views(named("dlwp2-finetune"))
    assert [stage.views for stage in recipe.stage] == [10, 10]
    assert said == (
        "--fast computes in the precision that is fastest here.",
        "--fast renders every image 10 times before, not anew in every epoch: head sees them again "
        "after 10 of its 50 epochs, head + block5 sees them again after 10 of its 30 epochs, "
        "head + block5 sees views that head has seen and trainings with other seeds see the same "
        "ones.",
    )
    assert recipe.precision == "auto"
    # Nothing else is another recipe.
    stages = tuple(stage.changed(views="fresh") for stage in recipe.stage)
    back = recipe.changed(stage=stages, precision="fp32")
    assert back == named("dlwp2-finetune")


def test_stored_views_can_be_one_for_every_epoch():
    recipe, said = with_stored_views(named("dlwp2-finetune"), 64)
    assert [stage.views for stage in recipe.stage] == [50, 50]
    assert said[1] == (
        "--fast renders every image 50 times before, not anew in every epoch: head + block5 sees "
        "views that head has seen and trainings with other seeds see the same ones."
    )


@pytest.mark.parametrize("most", [0, -3, True])
def test_what_is_no_number_of_views_is_refused(most):
    with pytest.raises(RecipeError, match="a number from 1 to 64 is needed; received"):
        with_stored_views(named("dlwp2-finetune"), most)


def test_stored_views_are_as_many_as_the_longest_of_shorter_stages_has_epochs():
    recipe, said = with_stored_views(override(named("dlwp2-augmented"), ["stage.1.epochs=7"]))
    assert [stage.views for stage in recipe.stage] == [7]
    assert said[1] == (
        "--fast renders every image 7 times before, not anew in every epoch: trainings with other "
        "seeds see the same ones."
    )


def test_a_stage_on_cached_features_is_left_as_it_is():
    recipe, said = with_stored_views(named("chollet-2016-finetune"))
    assert [stage.views for stage in recipe.stage] == ["plain", 10]
    assert "that head has seen" not in said[1]
    recipe, said = with_stored_views(named("dlwp2-features"))
    assert recipe.stage == named("dlwp2-features").stage
    assert said == ("--fast computes in the precision that is fastest here.",)


def run(counts, class_names=("cats", "dogs"), precision="fp32"):
    """Return what is read of a run."""
    by_class = {
        split: dict(zip(class_names, (count // 2, count - count // 2), strict=True))
        for split, count in zip(("train", "val", "test"), counts, strict=True)
    }
    return SimpleNamespace(
        image_set=images_used(counts=by_class),
        class_names=class_names,
        environment=environment(precision),
    )


def test_the_same_setting_leaves_what_the_publication_itself_does_otherwise():
    result = published("dlwp2-augmented")
    assert not_as_published(result, run((2000, 1000, 2000))) == result.differs


def test_other_numbers_other_classes_and_another_precision_are_said():
    result = replace(published("dlwp2-augmented"), differs=())
    odd = run((1500, 300, 301), ("Forest", "lake"), "bf16")
    assert not_as_published(result, odd) == (
        "1,500 train images here, 2,000 there.",
        "300 val images here, 1,000 there.",
        "301 test images here, 2,000 there.",
        'Tells "Forest" from "lake" here, cats from dogs there.',
        "Computed in bf16 here, in fp32 there.",
    )


def test_a_number_of_validation_images_is_said_to_be_one():
    result = replace(published("dlwp2-features"), differs=())
    assert not_as_published(result, run((2000, 1000, 1000), ("Dog", "Cat"))) == (
        "Judged on 1,000 test images here, on 1,000 validation images there.",
    )
