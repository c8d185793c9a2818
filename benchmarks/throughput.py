"""Images per second of each part, beside the machine's rate in a matrix product.

    python benchmarks/throughput.py [DATA]

prints one JSON object. The share of peak is each part's operations per second over those of a large
matrix product in the same precision. With DATA, the prefix is also timed from files to store, and
the input alone with every named augmentation.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import measuring  # before Keras, which it keeps quiet

# isort: split

import keras
import numpy as np
from timing import matrix_product_gflops, rates, timed

from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.events import nobody
from vgg_transfer.images import ImageRecord, load_images
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.feed import feed
from vgg_transfer.network import Network, build_network, prepare, resolve_weights, servable
from vgg_transfer.network.parts import stretch, tail
from vgg_transfer.network.probabilities import probabilities
from vgg_transfer.recipe import (
    Augmentation,
    Head,
    augmentation_names,
    named,
    named_augmentation,
    override,
)
from vgg_transfer.training.planning.cost import block_gflop

POLICIES = {"fp32": "float32", "bf16": "mixed_bfloat16"}


def main() -> None:
    """Measure every precision that is asked for and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", nargs="?", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=160, help="of DATA, for the timed pass")
    parser.add_argument("--precisions", default="fp32,bf16")
    arguments = parser.parse_args()
    found: dict[str, Any] = {"machine": measuring.machine()}
    found |= {"size": arguments.size, "batch": arguments.batch}
    for precision in arguments.precisions.split(","):
        found[precision] = measure(precision, arguments)
    measuring.answer(found)


def measure(precision: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Time all parts in one precision."""
    size, batch, rounds = arguments.size, arguments.batch, arguments.rounds
    recipe = override(named("staged"), [f"size={size}"]).changed(head=Head())
    network = build_network(recipe, 2, resolve_weights("imagenet"), 0, POLICIES[precision])
    peak = matrix_product_gflops("float32" if precision == "fp32" else "bfloat16", 2048)
    pixels = np.random.default_rng(0).uniform(0, 255, (batch, size, size, 3)).astype(np.float32)
    blocks = {name: block_gflop(network, name, size) for name in network.blocks}
    whole, below = sum(blocks.values()), sum(blocks.values()) - blocks["block5"]

    prefix = stretch(network, None, ["block5"])
    activations = prefix.predict_on_batch(pixels)["block5"]
    labels = (np.arange(batch) % 2).astype(np.float32)[:, None]
    parts = {"prefix to block5": (timed(lambda: prefix.predict_on_batch(pixels), rounds), below)}
    block5 = tail(network, "block5")
    prepare(network, block5, ("head", "block5"), keras.optimizers.Adam(1e-5), 0.0)
    step = timed(lambda: block5.train_on_batch(activations, labels), rounds)
    parts["block5 step on stored activations"] = (step, 3 * blocks["block5"])
    prepare(network, network.model, tuple(network.blocks), keras.optimizers.Adam(1e-5), 0.0)
    parts["step of the whole network"] = (
        timed(lambda: network.model.train_on_batch(pixels, labels), rounds),
        3 * whole,
    )
    predictor = servable(network)
    parts["predict"] = (timed(lambda: predictor.predict_on_batch(pixels), rounds), whole)
    result: dict[str, Any] = {"matrix_product_gflops": peak}
    for name, (seconds, gflop) in parts.items():
        result[name] = rates(seconds, batch, gflop, peak)
    if arguments.data:
        result |= _from_files(network, arguments, result["prefix to block5"], whole, peak)
    return result


def _from_files(
    network: Network, arguments: argparse.Namespace, bare: dict[str, Any], whole: float, peak: float
) -> dict[str, Any]:
    """Time the filling of a store from image files, and prediction of files."""
    some = measuring.spread(load_images(arguments.data).split("train"), arguments.images)
    shape = BatchForm(arguments.size, "squash", arguments.batch)
    with tempfile.TemporaryDirectory() as folder:
        request = FillRequest([Rendering(r, 0) for r in some], ["block5"], Augmentation(), shape)
        began = time.perf_counter()
        fill(network, request, Path(folder), nobody)[0].close()
        filled = time.perf_counter() - began
    model = servable(network)
    probabilities(model, some[: arguments.batch], shape)
    began = time.perf_counter()
    probabilities(model, some, shape)
    predicted = time.perf_counter() - began
    rate, seconds = len(some) / filled, predicted / len(some) * arguments.batch
    share = rate / bare["images_per_second"]
    return {
        "files to store": {"images_per_second": rate, "share_of_bare_prefix": share},
        "predict files": rates([seconds], arguments.batch, whole, peak),
        "augmentation": _augmentation(some, shape, arguments.rounds, bare),
    }


def _augmentation(
    records: Sequence[ImageRecord], shape: BatchForm, rounds: int, bare: dict[str, Any]
) -> dict[str, Any]:
    """Time the input alone with each named augmentation: per image, and as a share of a pass."""
    milliseconds: dict[str, list[float]] = {}
    for name in [*augmentation_names()] * rounds:
        views = feed().rendered_batches(
            records, [1] * len(records), named_augmentation(name), shape
        )
        batches = iter(views)
        next(batches)  # builds the graph
        began = time.perf_counter()
        images = sum(len(batch) for batch in batches)
        milliseconds.setdefault(name, []).append(1e3 * (time.perf_counter() - began) / images)
    found = {name: statistics.median(several) for name, several in milliseconds.items()}
    return {
        name: {
            "milliseconds_per_image": value,
            "share_of_bare_prefix": (value - found["none"]) * bare["images_per_second"] / 1e3,
        }
        for name, value in found.items()
    }


if __name__ == "__main__":
    main()
