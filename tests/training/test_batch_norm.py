"""Training from scratch with batch norm: its moving averages keep up with a few steps."""

import numpy as np

from vgg_transfer.images import from_arrays
from vgg_transfer.recipe import named, override
from vgg_transfer.training import train


def test_a_few_steps_are_enough_for_good_validation_numbers(tmp_path):
    """With averages that forget slowly the second epoch shows 47% here, and a loss of 2,840."""
    rng = np.random.default_rng(0)
    labels = np.arange(120) % 2
    shift = np.where(labels, 30, -30)[:, None, None, None] * np.array([1, 0, -1])
    pixels = np.clip(rng.normal(128, 50, (120, 32, 32, 3)) + shift, 0, 255).astype(np.uint8)
    recipe = override(
        named("scratch"),
        [
            "size=32",
            "base.width=0.1",
            "batch_size=8",
            "stage.1.epochs=3",
            "stage.1.rate=0.05",
            'precision="fp32"',
        ],
    )
    run = train(recipe, from_arrays(pixels, labels), tmp_path / "run")
    last = run.history[-1]
    assert last.accuracy > 0.6
    assert last.val_accuracy > 0.9
    assert last.val_loss < 1.0
