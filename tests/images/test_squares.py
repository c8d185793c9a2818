"""Resizing in NumPy gives what the network's own resizing gives."""

import numpy as np
import pytest

from vgg_transfer.images.resize import resizing
from vgg_transfer.images.squares import square


@pytest.mark.parametrize("how", ["squash", "crop", "pad"])
@pytest.mark.parametrize("shape", [(37, 50), (50, 33), (10, 13), (24, 24), (25, 24), (100, 7)])
def test_it_gives_what_the_network_gives(how, shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3)).astype(np.float32)
    expected = np.asarray(resizing(24, how)(pixels[np.newaxis]))[0]
    assert np.abs(square(pixels, 24, how) - expected).max() < 0.005


def test_an_average_is_an_average_and_what_has_its_size_stays_as_it_is():
    two_by_two = np.array([[[0] * 3, [10] * 3], [[20] * 3, [30] * 3]], np.uint8)
    assert square(two_by_two, 1, "squash").tolist() == [[[15.0, 15.0, 15.0]]]
    assert square(two_by_two, 2, "squash").tolist() == two_by_two.tolist()


def test_a_crop_is_the_middle_and_padding_is_black():
    row = np.array([[[1] * 3, [2] * 3, [3] * 3]], np.uint8)
    assert square(row, 1, "crop").tolist() == [[[2.0] * 3]]
    padded = square(row, 3, "pad")[..., 0]
    assert padded.tolist() == [[0.0] * 3, [1.0, 2.0, 3.0], [0.0] * 3]
