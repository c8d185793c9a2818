"""The frozen pass in fp32, bf16 and int8, side by side: speed, error, and what a head loses by it.

    python benchmarks/frozen_pass.py DATA

prints one JSON object. Errors are relative to fp32, over validation images. The head is a logistic
regression on the average of block5, fitted on training images and judged on validation images in
either precision; no test image is looked at.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import measuring  # before Keras, which it keeps quiet

# isort: split

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from vgg_transfer.activations.calibration import ranges, share_lost
from vgg_transfer.activations.int8 import int8_stretch
from vgg_transfer.activations.keys import calibration_on
from vgg_transfer.events import nobody
from vgg_transfer.images import ImageRecord, load_images
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.images.feed import feed
from vgg_transfer.network import build_network, resolve_weights
from vgg_transfer.network.parts import stretch
from vgg_transfer.recipe import named, override

ENDS = ("block5", "head")
Compute = Callable[[Any], Any]


def main() -> None:
    """Measure and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--images", type=int, default=400, help="of each split, for the head")
    arguments = parser.parse_args()
    images = load_images(arguments.data)
    form = BatchForm(arguments.size, "squash", arguments.batch)
    calibration = calibration_on(images.split("train"))
    recipe = override(named("probe"), [f"size={arguments.size}"])
    weights, classes = resolve_weights("imagenet"), len(images.class_names)
    exact, network = (
        build_network(recipe, classes, weights, 0, policy)
        for policy in ("float32", "mixed_bfloat16")
    )
    tried = calibration_on(images.split("val"), 64).records
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        tops = ranges(network, "head", calibration, form, Path(cache), nobody)
        ways: dict[str, Compute] = {
            "fp32": stretch(exact, None, ENDS).predict_on_batch,
            "bf16": stretch(network, None, ENDS).predict_on_batch,
            "int8": int8_stretch(network, ENDS, tops),
        }
        calibrated = time.perf_counter() - began
        lost = share_lost(network, "head", calibration, tried, form, Path(cache), nobody)
    found = {"machine": measuring.machine(), "size": arguments.size, "batch": arguments.batch}
    found |= {"calibration_seconds": calibrated, "share_lost": lost}
    found |= {"milliseconds_per_image": _timed(ways, tried, form, arguments.rounds)}
    found |= {"relative_error": _errors(ways, tried, form)}
    train, validation = (
        measuring.spread(images.split(split), min(arguments.images, len(images.split(split))))
        for split in ("train", "val")
    )
    found |= {
        "head": _heads({name: ways[name] for name in ("bf16", "int8")}, train, validation, form)
    }
    measuring.answer(found)


def _timed(
    ways: dict[str, Compute], records: Sequence[ImageRecord], form: BatchForm, rounds: int
) -> dict[str, dict[str, float]]:
    """Time all ways in turns, so that other work on the machine slows all alike."""
    batch = next(iter(feed().plain_batches(records, form)))
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, compute in ways.items():
            began = time.perf_counter()
            compute(batch)
            if number:  # the first builds the graph
                seconds[name].append(1e3 * (time.perf_counter() - began) / len(batch))
    return {
        name: {"median": statistics.median(found), "least": min(found)}
        for name, found in seconds.items()
    }


def _errors(
    ways: dict[str, Compute], records: Sequence[ImageRecord], form: BatchForm
) -> dict[str, dict[str, float]]:
    """Return the error of each way at the end of block4 and of block5, relative to fp32."""
    found: dict[str, dict[str, list[float]]] = {}
    for batch in feed().plain_batches(records, form):
        rows = {name: compute(batch) for name, compute in ways.items()}
        for end, where in zip(ENDS, ("block4", "block5"), strict=True):
            exact = np.asarray(rows["fp32"][end])
            for name in ("bf16", "int8"):
                wrong = np.asarray(rows[name][end], np.float32) - exact
                error = float(np.linalg.norm(wrong) / np.linalg.norm(exact))
                found.setdefault(name, {}).setdefault(where, []).append(error)
    return {
        name: {where: statistics.mean(several) for where, several in errors.items()}
        for name, errors in found.items()
    }


def _heads(
    ways: dict[str, Compute],
    train: Sequence[ImageRecord],
    validation: Sequence[ImageRecord],
    form: BatchForm,
) -> dict[str, dict[str, float]]:
    """Fit a head on what each way gives for training images; judge it on what each way gives."""

    def features(compute: Compute, records: Sequence[ImageRecord]) -> NDArray[np.float64]:
        batches = feed().plain_batches(records, form)
        rows = [np.asarray(compute(one)["head"], np.float64).mean(axis=(1, 2)) for one in batches]
        return np.concatenate(rows)

    labels, expected = ([one.label for one in part] for part in (train, validation))
    seen = {name: features(compute, validation) for name, compute in ways.items()}
    found = {}
    for fitted, compute in ways.items():
        head = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=500))
        head.fit(features(compute, train), labels)
        for judged, rows in seen.items():
            chances = head.predict_proba(rows)
            found[f"fitted on {fitted}, judged on {judged}"] = {
                "accuracy": float(np.mean(chances.argmax(axis=1) == expected)),
                "log_loss": float(log_loss(expected, chances)),
            }
    return found


if __name__ == "__main__":
    main()
