"""Standardizing by the training images: what the network receives, and what the run keeps of it."""

import shutil

import keras
import numpy as np
import pytest
from support.heard import CtrlC, Heard

from vgg_transfer.errors import ImageSetError
from vgg_transfer.events import PassBegan
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode
from vgg_transfer.recipe import Base, Recipe, Stage
from vgg_transfer.run import read
from vgg_transfer.training import train

pytestmark = pytest.mark.usefixtures("step_by_step")

RECIPE = Recipe(
    size=16,
    precision="fp32",
    preprocess="standardize",
    batch_size=5,
    base=Base(weights="none", blocks=2, width=0.1, batch_norm=True),
    stage=(Stage(train=("head", "block2"), epochs=1),),
)


@pytest.fixture(scope="module")
def heard():
    return Heard()


@pytest.fixture(scope="module")
def run(images, heard, tmp_path_factory):
    """A training of the recipe, which was listened to."""
    return train(RECIPE, images, tmp_path_factory.mktemp("standardized") / "run", listen=heard)


def raw(records):
    return np.stack([decode(one.path) for one in records]).astype(np.float32)


def test_the_network_receives_the_training_images_with_mean_0_and_deviation_1(images, run, heard):
    model = keras.saving.load_model(run.model_file)
    received = keras.Model(model.input, model.get_layer("preprocess").output)
    tensor = received.predict(raw(images.split("train")), verbose=0).astype(np.float64)
    assert tensor.shape[1:] == (16, 16, 3)
    assert tensor.mean(axis=(0, 1, 2)) == pytest.approx([0, 0, 0], abs=1e-4)
    assert tensor.std(axis=(0, 1, 2)) == pytest.approx([1, 1, 1], abs=1e-4)

    # The numbers are in the run, and are not those of all images.
    channels = read(run.folder).channels
    assert channels == run.channels
    every = keras.Model(model.input, model.get_layer("preprocess").input)
    pixels = every.predict(raw(images.records), verbose=0)
    assert channels.mean == pytest.approx(pixels.mean(axis=(0, 1, 2)), abs=20)
    assert channels.mean != pytest.approx(pixels.mean(axis=(0, 1, 2)), abs=1e-3)

    train_images = len(images.split("train"))
    assert heard.all(PassBegan)[0] == PassBegan(
        f"measures the colours of {train_images} training images",
        -(-train_images // 5),
    )
    (line,) = [line for line in heard.lines if "standardizes" in line]
    red = f"red {channels.mean[0]:.1f} ± {channels.deviation[0]:.1f}"
    assert line.startswith(f"standardizes pixels by the training images: {red}, green ")


def test_other_recipes_measure_nothing(tiny_run):
    assert tiny_run.channels is None


def test_the_run_judges_as_its_saved_model_does(images, run):
    found = run.predict([one.path for one in images.split("test")])
    judged = [one.probabilities for one in run.judged]
    assert [tuple(one.probabilities[n] for n in run.class_names) for one in found] == [
        pytest.approx(one, abs=1e-5) for one in judged
    ]


def test_stored_activations_give_the_same_weights(images, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    plain = RECIPE.changed(views="plain")
    stored = train(plain, images, tmp_path / "stored")
    assert list((tmp_path / "cache").iterdir())
    fresh = train(plain, images, tmp_path / "fresh", cache=False)
    both = (keras.saving.load_model(run.model_file).get_weights() for run in (stored, fresh))
    assert all(np.array_equal(a, b) for a, b in zip(*both, strict=True))


def test_ctrl_c_while_measuring_is_heard_and_nothing_is_written(images, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        train(RECIPE, images, tmp_path / "run", listen=CtrlC(2))
    assert list(tmp_path.iterdir()) == []


def test_an_image_that_vanishes_before_it_is_measured_is_named(tiny_folder, tmp_path):
    folder = tmp_path / "photos"
    shutil.copytree(tiny_folder, folder)
    images = load_images(folder)
    gone = images.split("train")[0].path
    gone.unlink()
    with pytest.raises(ImageSetError) as caught:
        train(RECIPE, images, tmp_path / "run")
    assert str(caught.value).startswith(
        f'the image "{gone}" is not what it was when the folder was'
    )


def test_images_of_one_colour_do_not_divide_by_zero(tmp_path):
    from PIL import Image

    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(6):
            # Blue alone tells images apart, in the last places that a file can hold.
            colour = (90, 90, 90 + number % 2)
            Image.new("RGB", (20 + number, 20), colour).save(tmp_path / name / f"{number}.png")
    run = train(RECIPE, load_images(tmp_path), tmp_path / "run")
    assert run.channels.deviation[:2] == (1.0, 1.0)
    assert all(np.isfinite(one.loss) for one in run.history)
    assert np.isfinite([one.probabilities for one in run.judged]).all()
