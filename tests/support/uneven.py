"""Images whose last batch of eight is one in training and six in validation; JAX's environment."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

TESTS = Path(__file__).parents[1]
COUNTS = {"train": (9, 8), "val": (3, 3), "test": (4, 3)}


def draw_uneven(folder):
    """Write the images of two classes, red and blue, into a folder for each split."""
    rng = np.random.default_rng(0)
    for split, counts in COUNTS.items():
        for number, name in zip(counts, ("blue", "red"), strict=True):
            (folder / split / name).mkdir(parents=True)
            colour = (110, 100, 140) if name == "blue" else (140, 100, 110)
            for one in range(number):
                pixels = np.clip(rng.normal(colour, 60, (16, 16, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{one}.png")


def environment(folder, devices):
    """Return the variables of a process that computes with so many logical devices of JAX."""
    path = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
    return os.environ | {
        "PYTHONPATH": path,
        "VGG_TRANSFER_CACHE": str(folder / "cache"),
        # Compiled in haste: what it computes here takes no time.
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices} "
        "--xla_backend_optimization_level=0",
    }
