"""Test-time augmentation: which renderings are judged, and that their answers are averaged."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.deploy import evaluate_run, predict, read_averaging
from vgg_transfer.deploy.averaging import averaged
from vgg_transfer.errors import RecipeError
from vgg_transfer.images.tfdata.batches import BatchForm
from vgg_transfer.recipe import Augmentation

FORM = BatchForm(size=8, resize="squash", batch_size=2)


def ignored(images):
    """Hear how many images are done."""


class LeftHalf:
    """A model whose two answers are the brightness of the left half and of the whole image."""

    def predict(self, batches, **_):
        return np.concatenate(
            [
                np.stack([b[:, :, :4].numpy().mean((1, 2, 3)), b.numpy().mean((1, 2, 3))], 1)
                for b in batches
            ]
        )


@pytest.fixture
def pictures(tmp_path):
    """Three images, each white in its left half only but for a grey of its own."""
    paths = []
    for number in range(3):
        pixels = np.full((8, 8, 3), 10 * number, np.uint8)
        pixels[:, :4] = 200
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(pixels).save(paths[-1])
    return paths


def test_the_mirror_image_counts_as_much_as_the_image(pictures):
    rows = averaged(LeftHalf(), pictures, FORM, "flip", Augmentation(), ignored)
    # Left half and, mirrored, right half: together the whole.
    expected = [(200 + 10 * number) / 2 for number in range(3)]
    np.testing.assert_allclose(rows, np.stack([expected, expected], 1), rtol=1e-6)


def test_views_are_averaged_with_the_plain_image(pictures):
    brighter = Augmentation(brightness=0.2)
    once = averaged(LeftHalf(), pictures, FORM, 3, brighter, ignored)
    again = averaged(LeftHalf(), pictures[::-1], FORM, 3, brighter, ignored)
    np.testing.assert_array_equal(once, again[::-1])  # the same views, whatever comes before
    plain = [[200, 100 + 5 * number] for number in range(3)]
    assert np.abs(once - plain).max() > 0.1  # the views are others
    assert np.abs(once - plain).max() < 0.2 * 255 * 3 / 4  # one of the four is the plain image


def test_a_run_predicts_and_evaluates_with_it(tiny_run, tiny_folder):
    run = dataclasses.replace(
        tiny_run,
        recipe=tiny_run.recipe.changed(augmentation=Augmentation(flip="horizontal")),
    )
    counted = []
    flipped = predict(
        run, [tiny_folder], lambda *numbers: counted.append(numbers), averaging="flip"
    )
    assert counted[-1] == (24, 24)
    plain = predict(run, [tiny_folder])
    assert [f.path for f in flipped] == [p.path for p in plain]
    differences = [
        abs(f.probabilities["red"] - p.probabilities["red"])
        for f, p in zip(flipped, plain, strict=True)
    ]
    assert 0 < max(differences) < 0.5
    counted.clear()
    assert len(run.predict([tiny_folder], averaging=2)) == 24
    assert evaluate_run(run, averaging=2).metrics.images == evaluate_run(run).metrics.images


def test_views_need_an_augmentation(tiny_run, tiny_folder):
    with pytest.raises(RecipeError) as caught:
        predict(tiny_run, [tiny_folder], averaging=4)
    assert str(caught.value) == (
        "4 augmented views were asked for, but the run's recipe changes no image: average over "
        'the mirror image with "flip", or leave test-time augmentation out'
    )


@pytest.mark.parametrize(("text", "meant"), [("flip", "flip"), ("1", 1), ("64", 64)])
def test_what_a_person_types(text, meant):
    assert read_averaging(text) == meant


@pytest.mark.parametrize("text", ["flipp", "0", "65", "-1", "1.5", "", "²"])
def test_anything_else_is_refused(text):
    with pytest.raises(RecipeError) as caught:
        read_averaging(text)
    assert f'received "{text}".' in str(caught.value)
    assert ('Did you mean "flip"?' in str(caught.value)) == (text == "flipp")
