"""Mean and deviation of channels, against numbers worked out by hand or by NumPy at once."""

import numpy as np
import pytest

from vgg_transfer.images.channels import measure_channels
from vgg_transfer.run import Channels


def test_two_pixels_by_hand() -> None:
    # Red 0 and 10, green 20 and 20, blue 3 and 7.
    batch = np.array([[[[0, 20, 3], [10, 20, 7]]]], np.float32)
    assert measure_channels([batch]) == Channels((5.0, 20.0, 5.0), (5.0, 1.0, 2.0))


@pytest.mark.parametrize("ends", [(), (1,), (3, 4, 9), (2, 8)])
def test_batches_of_any_length_give_what_all_images_give_at_once(ends: tuple[int, ...]) -> None:
    drawn = np.random.default_rng(0)
    pixels = drawn.uniform(0, 255, (10, 6, 5, 3)) * np.linspace(0, 1, 10)[:, None, None, None]
    pixels = pixels.astype(np.float32)
    found = measure_channels(np.split(pixels, ends))
    whole = pixels.astype(np.float64).reshape(-1, 3)
    assert found.mean == pytest.approx(whole.mean(axis=0), rel=1e-12)
    assert found.deviation == pytest.approx(whole.std(axis=0), rel=1e-12)


def test_a_small_variance_beside_a_large_mean_is_not_lost() -> None:
    drawn = np.random.default_rng(1)
    batches = [(254 + drawn.normal(0, 0.01, (4, 8, 8, 3))).astype(np.float32) for _ in range(20)]
    exact = np.concatenate(batches).astype(np.float64).reshape(-1, 3).std(axis=0)
    assert measure_channels(batches).deviation == pytest.approx(exact, rel=1e-9)


def test_a_constant_channel_can_be_divided_by() -> None:
    grey = np.full((2, 4, 4, 3), 100, np.float32)
    grey[1, ..., 2] += 1e-4  # what resizing leaves of a constant picture
    assert measure_channels([grey]).deviation == (1.0, 1.0, 1.0)


def test_no_images_have_no_channels() -> None:
    with pytest.raises(ValueError, match="without images"):
        measure_channels([])
