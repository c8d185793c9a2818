"""What is measured inside real models: one as it was trained, and some that were tampered with."""

import shutil
from dataclasses import replace

import keras
import numpy as np
import pytest
from PIL import Image

from vgg_transfer.doctor import diagnose
from vgg_transfer.doctor.runs import examine_model
from vgg_transfer.doctor.runs.insides import look_inside
from vgg_transfer.errors import RunError
from vgg_transfer.images import load_images
from vgg_transfer.training import train


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Enough images to speak of units that answer to none of them."""
    folder, rng = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for name, red in (("blue", 60), ("red", 200)):
        (folder / name).mkdir()
        for number in range(24):
            pixels = np.clip(rng.normal((red, 80, 120), 40, (24, 24, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def wide_run(tiny_recipe, folder, tmp_path_factory):
    """A training whose blocks have enough units to speak of shares."""
    recipe = tiny_recipe.changed(base={"width": 0.25}, stage_1={"epochs": 2}, preprocess="rescale")
    return train(recipe, load_images(folder), tmp_path_factory.mktemp("runs") / "wide")


@pytest.fixture
def tampered(wide_run, tmp_path):
    """Return a copy of the run whose model a function has changed."""

    def make(change):
        folder = tmp_path / "copy"
        shutil.copytree(wide_run.folder, folder)
        run = replace(wide_run, folder=folder)
        model = keras.saving.load_model(run.model_file, compile=False)
        change(model)
        model.save(run.model_file)
        return run

    return make


def codes(run):
    return {finding.code for finding in examine_model(run, look_inside(run))}


def test_a_trained_model_has_moved_where_it_should(wide_run):
    inside = look_inside(wide_run)
    assert inside.unchanged["block1"] == 1
    assert inside.distance["block1"] == 0
    assert inside.unchanged["block2"] < 0.5
    assert 0 < inside.distance["block2"] < 1
    assert inside.images == 32 == len(wide_run.split("train"))
    assert set(inside.dead) == {"block1_conv1", "block1_conv2", "block2_conv1", "block2_conv2"}
    assert {units for _, _, units in inside.dead.values()} == {16, 32}
    assert all(gradient.size > 0 for gradient in inside.gradients.values())
    assert codes(wide_run) == set()


def test_the_loss_is_that_of_the_model_on_its_training_images(tiny_recipe, images, tmp_path):
    run = train(tiny_recipe.changed(preprocess="rescale"), images, tmp_path / "few")
    rows = run.split("train")
    found = run.predict([f"{run.image_set.root}/{row.path}" for row in rows])
    losses = [
        -np.log(one.probabilities[row.class_name]) for one, row in zip(found, rows, strict=True)
    ]
    inside = look_inside(run)
    assert inside.images == len(rows) == 16
    assert inside.loss == pytest.approx(np.mean(losses), rel=1e-3)


def test_a_frozen_block_that_moved_is_found(tampered):
    def change(model):
        kernel = model.get_layer("block1_conv1").kernel
        kernel.assign(kernel + 0.1)

    assert "moved-frozen" in codes(tampered(change))


def test_units_that_died_are_counted(tampered):
    def change(model):
        bias = model.get_layer("block2_conv2").bias
        bias.assign(bias - 1e6)

    run = tampered(change)
    assert look_inside(run).dead["block2_conv2"][0] == 32
    assert "dead-units" in codes(run)


def test_a_rate_that_moves_nothing_is_found(tiny_recipe, tiny_folder, tmp_path):
    recipe = tiny_recipe.changed(stage_1={"rate": 1e-12, "keep": "last"})
    run = train(recipe, load_images(tiny_folder), tmp_path / "still")
    found = examine_model(run, look_inside(run))
    assert {one.code for one in found} == {"still-block"}
    assert found[0].seen.startswith("100.0% of block2's weights are as they began")


def test_images_that_are_gone_leave_the_weights(wide_run):
    gone = replace(wide_run, image_set=replace(wide_run.image_set, root="/nowhere"))
    inside = look_inside(gone)
    assert (inside.images, inside.dead, inside.gradients) == (0, {}, {})
    assert inside.unchanged["block1"] == 1
    assert examine_model(gone, inside) == ()


def test_a_model_that_cannot_be_read_is_said_and_the_rest_examined(wide_run, tmp_path):
    shutil.copytree(wide_run.folder, tmp_path / "copy")
    run = replace(wide_run, folder=tmp_path / "copy")
    run.model_file.write_bytes(b"no model")
    with pytest.raises(RunError, match=r"model\.keras cannot be read"):
        look_inside(run)
    found = diagnose(run)
    assert found.examined[-2].startswith("not the model: model.keras cannot be read")
    assert found.findings == diagnose(run, model=False).findings
