"""What is refused before a training: all faults are reported at once, and nothing is written."""

from dataclasses import replace

import pytest

from vgg_transfer.errors import (
    ImageSetError,
    RecipeError,
    RunError,
    TrainingError,
    VggTransferError,
)
from vgg_transfer.images import Shares, Splitting, load_images
from vgg_transfer.recipe import Stage, named, override
from vgg_transfer.training.preflight import check_before_training
from vgg_transfer.training.spread.hosts import Hosts
from vgg_transfer.training.spread.spread import Spread


@pytest.fixture
def three_classes(tiny_folder):
    found = load_images(tiny_folder)
    return replace(found, class_names=(*found.class_names, "green"))


def test_a_training_without_a_fault_is_let_through(tiny_recipe, tiny_folder, tmp_path):
    images = load_images(tiny_folder)
    check_before_training(tiny_recipe, images, tmp_path / "run", tensorboard=False, cache=True)


def test_a_single_fault_keeps_its_error_class(tiny_recipe, three_classes, tmp_path):
    sigmoid = override(tiny_recipe, ["head.output=sigmoid"])
    with pytest.raises(RecipeError, match="one unit for two classes"):
        check_before_training(sigmoid, three_classes, tmp_path / "run", False, True)


def test_all_faults_are_reported_at_once_one_on_each_line(
    tiny_recipe, three_classes, tmp_path, monkeypatch
):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "much")
    monkeypatch.setattr("vgg_transfer.training.preflight.find_spec", lambda _: None)
    taken = tmp_path / "run"
    taken.mkdir()
    (taken / "mine.txt").write_text("mine")
    recipe = override(tiny_recipe, ["head.output=sigmoid", f'base.weights="{tmp_path / "no.h5"}"'])
    with pytest.raises(VggTransferError) as caught:
        check_before_training(recipe, three_classes, taken, tensorboard=True, cache=True)
    assert type(caught.value) is VggTransferError
    folder, tensorboard, limit, head, weights = str(caught.value).split("\n")
    assert str(taken) in folder
    assert tensorboard == (
        'logging for TensorBoard needs its package: pip install "vgg-transfer[tensorboard]"'
    )
    assert limit == (
        'VGG_TRANSFER_CACHE_GB must be a number of gigabytes, 0 or more; received "much"'
    )
    assert head == (
        'head.output = "sigmoid" is one unit for two classes, but the image set has 3 classes: set '
        'head.output = "auto" or "softmax"'
    )
    assert weights.startswith(f'there is no weights file "{tmp_path / "no.h5"}": give "imagenet"')


def test_only_what_the_training_uses_is_checked(tiny_recipe, tiny_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "much")
    monkeypatch.setattr("vgg_transfer.training.preflight.find_spec", lambda _: None)
    images = load_images(tiny_folder)
    check_before_training(tiny_recipe, images, tmp_path / "run", tensorboard=False, cache=False)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(RunError):
        check_before_training(tiny_recipe, images, tmp_path / "run", False, False)


@pytest.mark.parametrize("name", ["staged", "probe"])
def test_a_training_without_validation_images(tiny_folder, tmp_path, name):
    images = load_images(tiny_folder, splitting=Splitting(Shares(0, 0.15)))
    with pytest.raises(ImageSetError) as caught:
        check_before_training(named(name), images, tmp_path / "run", False, True)
    assert str(caught.value).startswith(
        f"folder {tiny_folder} has no validation images, and a training needs some: they choose "
    )
    assert "--val 0.15" in str(caught.value)


@pytest.mark.parametrize(
    ("lacking", "cache", "reason"),
    [
        ("the processor has none of some", True, "the processor has none of some"),
        (None, False, "it is for stored activations, which --no-cache (cache=False) leaves out"),
    ],
)
def test_int8_is_refused_where_it_cannot_be_had(
    tiny_recipe, images, tmp_path, monkeypatch, lacking, cache, reason
):
    monkeypatch.setattr("vgg_transfer.training.preflight.lacks_int8", lambda: lacking)
    recipe = override(tiny_recipe, ["frozen_precision=int8"])
    with pytest.raises(TrainingError) as caught:
        check_before_training(recipe, images, tmp_path / "run", False, cache)
    assert str(caught.value) == (
        f'frozen_precision = "int8" cannot be had here: {reason}. Or set frozen_precision = "same"'
    )


@pytest.fixture
def cross_validated(tiny_recipe):
    exact = Stage(train=("head",), optimizer="exact", strength="cross-validation")
    return tiny_recipe.changed(stage=(exact,))


def test_a_head_that_fits_the_validation_images_is_judged_on_test_images(
    cross_validated, tiny_folder, tmp_path
):
    images = load_images(tiny_folder)
    check_before_training(cross_validated, images, tmp_path / "run", False, True)
    untested = replace(images, records=(*images.split("train"), *images.split("val")))
    with pytest.raises(ImageSetError) as caught:
        check_before_training(cross_validated, untested, tmp_path / "run", False, True)
    assert str(caught.value) == (
        f'strength = "cross-validation" fits the validation images too, and {images.source} has no '
        "test images to judge the result by: give it some (--test 0.15 draws a share), or set "
        'strength = "validation"'
    )


def test_a_class_of_one_picture_and_its_copies_cannot_be_held_out(
    cross_validated, tiny_folder, tmp_path
):
    images = load_images(tiny_folder)
    (first, *_) = [one for one in images.records if one.label == 0 and one.split == "train"]
    copies = replace(
        images,
        records=tuple(
            one if one.label else replace(one, digest=first.digest) for one in images.records
        ),
    )
    with pytest.raises(ImageSetError) as caught:
        check_before_training(cross_validated, copies, tmp_path / "run", False, True)
    assert str(caught.value) == (
        'strength = "cross-validation" needs two different training and validation images of every '
        'class, and there are fewer of "blue": add some, leave the class out, or set strength = '
        '"validation"'
    )


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf")])
def test_minutes_between_checkpoints_that_are_none_are_refused(
    minutes, tiny_recipe, images, tmp_path
):
    with pytest.raises(TrainingError) as refused:
        check_before_training(
            tiny_recipe, images, tmp_path / "run", False, True, checkpoint_minutes=minutes
        )
    assert str(refused.value) == (
        "checkpoint_minutes must be a positive number such as 5, or 0 for a checkpoint after every "
        f"batch; received {minutes:g}"
    )


def test_minutes_are_of_one_machine(tiny_recipe, images, tmp_path):
    together = Spread(hosts=Hosts(0, 2))
    with pytest.raises(TrainingError, match="has 2 processes: leave one of --minutes and --hosts"):
        check_before_training(
            tiny_recipe, images, tmp_path / "run", False, True, minutes=5, spread=together
        )
