"""The usual Keras recipe and this toolkit side by side: same images, split and epochs.

    python benchmarks/schedules.py DATA

prints one JSON object: seconds, accuracy and ratio for each schedule. The defaults end within five
minutes on two cores; the table in benchmarks/README.md names the arguments it was made with.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import measuring
from plain_keras import Plain, train_plain

from vgg_transfer import images
from vgg_transfer.images import ImageSet
from vgg_transfer.network import resolve_weights
from vgg_transfer.recipe import Augmentation, Head, Recipe, Stage
from vgg_transfer.training import train

WAYS = ("frozen", "staged", "views", "second-seed", "fp32")


def main() -> None:
    """Run the schedules that are asked for and print the result as JSON."""
    arguments = _arguments()
    image_set = _limited(images.load_images(arguments.data), arguments.images)
    weights = resolve_weights("imagenet")
    if weights is None:
        raise SystemExit("this benchmark needs the ImageNet weights")
    found: dict[str, Any] = {
        "machine": measuring.machine(),
        "size": arguments.size,
        "images": {split: len(image_set.split(split)) for split in ("train", "val", "test")},
        "epochs": {"head": arguments.epochs, "block5": arguments.epochs},
    }
    with tempfile.TemporaryDirectory() as folder:
        plain = {
            augment: _plain(image_set, weights, arguments, augment)
            for augment in ({False, True} if "views" in arguments.ways else {False})
        }
        found["plain"] = {("augmented" if a else "plain"): facts for a, facts in plain.items()}
        for way in arguments.ways:
            # Nothing is left from another way, but that a second seed follows the staged one.
            cache = "staged" if way == "second-seed" else way
            os.environ["VGG_TRANSFER_CACHE"] = str(Path(folder) / "activations" / cache)
            found[way] = _ours(way, image_set, arguments, plain, Path(folder))
            measuring.tell(way, found[way])
    measuring.answer(found)


def _plain(
    image_set: ImageSet, weights: Any, arguments: argparse.Namespace, augment: bool
) -> dict[str, Any]:
    """Time the usual recipe on some epochs (and images); extrapolate to all of them."""
    some = arguments.plain_images
    parts = [image_set.split("train"), image_set.split("val")]
    if some:
        parts = [measuring.spread(part, round(some * len(part) / len(parts[0]))) for part in parts]
    whole = not some and arguments.plain_epochs >= arguments.epochs
    timed: Plain = train_plain(
        *parts,
        image_set.split("test") if whole else (),
        weights,
        arguments.size,
        (min(arguments.plain_epochs, arguments.epochs),) * 2,
        augment,
    )
    scale = sum(len(image_set.split(s)) for s in ("train", "val")) / sum(map(len, parts))
    # The first epoch also builds the graph and decodes; the later ones are the rule, and with
    # some of the images the only ones that may be scaled.
    head, block5 = (
        scale * _all_epochs(epochs[1:] if some else epochs, arguments.epochs)
        for epochs in (timed.head_epochs, timed.block5_epochs)
    )
    facts = {
        "head_seconds": head,
        "block5_seconds": block5,
        "timed_epochs": [timed.head_epochs, timed.block5_epochs],
        "timed_images": [len(part) for part in parts],
        "extrapolated": not whole,
        "test_accuracy": timed.test_accuracy,
    }
    measuring.tell(f"plain, augmented={augment}", facts)
    return facts


def _all_epochs(timed: Sequence[float], epochs: int) -> float:
    if len(timed) >= epochs:
        return sum(timed[:epochs])
    return sum(timed) + (epochs - len(timed)) * statistics.median(timed[1:] or timed)


def _ours(
    way: str,
    image_set: ImageSet,
    arguments: argparse.Namespace,
    plain: dict[bool, dict[str, Any]],
    folder: Path,
) -> dict[str, Any]:
    """Train one schedule and compare its seconds with the usual recipe's."""
    usual = plain[way == "views"]
    seconds_usual = usual["head_seconds"] + usual["block5_seconds"]
    if way == "frozen":
        seconds_usual = 2 * usual["head_seconds"]
    run_folder = folder / f"{way}-{time.time_ns()}"
    began = time.perf_counter()
    run = train(_recipe(way, arguments), image_set, run_folder, seed=int(way == "second-seed"))
    total = time.perf_counter() - began
    metrics = run.metrics
    interval = metrics and [metrics.accuracy_interval.low, metrics.accuracy_interval.high]
    training = sum(stage.seconds for stage in run.stages)
    return {
        "seconds": training,
        "seconds_with_judging": total,
        "usual_seconds": seconds_usual,
        "ratio": seconds_usual / training,
        "stages": [round(stage.seconds, 1) for stage in run.stages],
        "precision": run.environment.precision,
        "test_accuracy": metrics.accuracy if metrics else None,
        "interval": interval,
        "waiting_share": [round(epoch.waiting_share, 3) for epoch in run.history],
    }


def _recipe(way: str, arguments: argparse.Namespace) -> Recipe:
    """Return the usual recipe's schedule as a recipe of this toolkit, without early stopping."""
    epochs = arguments.epochs
    head = Stage(train=("head",), epochs=epochs)
    block5 = Stage(train=("head", "block5"), epochs=epochs, rate=1e-5)
    augmented = Augmentation(flip="horizontal", rotation=36.0, fill="reflect")
    return Recipe(
        name=f"benchmark-{way}",
        size=arguments.size,
        precision="fp32" if way == "fp32" else "auto",
        head=Head(dropout=0.2, output="sigmoid"),
        augmentation=augmented if way == "views" else Augmentation(),
        views=4 if way == "views" else "plain",
        stage=(head, head) if way == "frozen" else (head, block5),
    )


def _limited(image_set: ImageSet, most: int | None) -> ImageSet:
    """Return the set with at most this many training images, the other splits in proportion."""
    train = image_set.split("train")
    if not most or most >= len(train):
        return image_set
    kept = [
        record
        for split in ("train", "val", "test")
        for record in measuring.spread(
            image_set.split(split),  # type: ignore[arg-type]
            round(most * len(image_set.split(split)) / len(train)),  # type: ignore[arg-type]
        )
    ]
    return ImageSet(image_set.source, image_set.class_names, tuple(kept), root=image_set.root)


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--images", type=int, default=200, help="training images; 0: all")
    parser.add_argument("--epochs", type=int, default=5, help="of the head, and again of block5")
    parser.add_argument(
        "--plain-epochs", type=int, default=5, help="of the usual recipe, timed; 2 at the least"
    )
    parser.add_argument("--plain-images", type=int, default=0, help="of the usual recipe; 0: all")
    parser.add_argument("--ways", default=",".join(WAYS), type=lambda text: text.split(","))
    arguments = parser.parse_args()
    if arguments.plain_epochs < 2:
        parser.error("--plain-epochs: the first epoch builds the graph; at least 2 are needed")
    return arguments


if __name__ == "__main__":
    main()
