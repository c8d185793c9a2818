"""Heatmaps of a real, tiny run; where each lies over its picture."""

import dataclasses

import keras
import numpy as np
import pytest
from PIL import Image
from support.heard import Heard

from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.events import ImagesCounted
from vgg_transfer.explanations.heatmaps import heatmaps, over_picture


def test_each_picture_has_a_heatmap_of_its_likeliest_class(tiny_run, tiny_folder):
    heard = Heard()
    files = sorted((tiny_folder / "red").iterdir())
    found = list(heatmaps(tiny_run, files, listen=heard))
    for heatmap, file, said in zip(found, files, tiny_run.predict(files), strict=True):
        assert (heatmap.path, heatmap.of_class, heatmap.error) == (file, said.label, None)
        assert heatmap.probability == pytest.approx(said.probabilities[said.label], abs=1e-5)
        assert (heatmap.values.shape, heatmap.values.dtype) == ((16, 16), np.float32)
        assert heatmap.values.min() >= 0
        assert heatmap.values.max() in (0.0, 1.0)
    assert heard.events[-1] == ImagesCounted(12, 12)


@pytest.mark.parametrize("block", ["block1", "block2"])
def test_any_block_and_any_class_can_be_asked_for(block, tiny_run, tiny_folder):
    picture = tiny_folder / "red" / "00.png"
    both = [next(heatmaps(tiny_run, picture, block, name)) for name in tiny_run.class_names]
    assert [one.of_class for one in both] == list(tiny_run.class_names)
    assert sum(one.probability for one in both) == pytest.approx(1.0, abs=1e-5)
    # What speaks for one of two classes speaks against the other. Resampling lets a place's
    # neighbours shine in a little.
    for one, other in (both, both[::-1]):
        assert not other.values.any() or one.values[other.values == 1].max() < 0.2


def test_heat_is_where_the_class_is_seen(tiny_run, tmp_path):
    """A model that answers by the brightness of one channel looks at the bright corner."""
    model = keras.saving.load_model(tiny_run.model_file)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([abs(weight) for weight in layer.get_weights()])
    run = dataclasses.replace(tiny_run, folder=tmp_path)
    model.save(run.model_file)
    pixels = np.full((16, 16, 3), 110, np.uint8)
    pixels[:8, 8:] = 255
    (found,) = heatmaps(run, pixels, of_class="red")
    hot = found.values[:8, 8:].mean()
    assert hot > 1.5 * np.mean([found.values[8:].mean(), found.values[:8, :8].mean()])


def test_an_unreadable_file_has_a_reason_in_its_place(tiny_run, tmp_path):
    (tmp_path / "0.png").write_bytes(b"")
    Image.new("RGB", (30, 20)).save(tmp_path / "1.png")
    broken, whole = heatmaps(tiny_run, tmp_path)
    assert (broken.of_class, broken.error, broken.values.max()) == ("", "empty file", 0.0)
    assert whole.values.shape == (11, 16)


def test_what_is_not_there_is_said_before_anything_is_computed(tiny_run, tiny_folder):
    with pytest.raises(
        RecipeError, match=r'no block "block5" in the model of .*"block1", "block2"'
    ):
        heatmaps(tiny_run, tiny_folder, "block5")
    with pytest.raises(RunError, match=r'no class "rad": it knows .*Did you mean "red"'):
        heatmaps(tiny_run, tiny_folder, of_class="rad")


def test_a_map_lies_where_the_network_saw_the_picture():
    heat = np.zeros((4, 4), np.float32)
    heat[:, 3] = 2.0
    squashed = over_picture(heat, (20, 40), "squash", 16)
    assert squashed.shape == (8, 16)
    assert (squashed.max(), squashed[:, -2:].min() > 0.8, squashed[:, :8].max()) == (1, True, 0)
    cropped = over_picture(heat, (20, 40), "crop", 16)
    assert not cropped[:, :4].any()
    assert not cropped[:, 12:].any()
    assert cropped[:, 11].min() > 0.8
    bars = np.zeros((4, 4), np.float32)
    bars[0] = 1.0  # in the black above the picture
    bars[2, 0] = 1.0
    padded = over_picture(bars, (20, 40), "pad", 16)
    assert padded.shape == (8, 16)
    assert not padded[-1, 8:].any()
    assert np.unravel_index(padded.argmax(), padded.shape)[1] < 4
