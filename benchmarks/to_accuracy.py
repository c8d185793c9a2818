"""How long until so many test images are right: the usual Keras recipe over this toolkit's default.

    python benchmarks/to_accuracy.py DATA --accuracy 0.98

prints one JSON object. Ours is one training from an empty store, all of it counted, to its last
output. The usual recipe (plain_keras.py, without augmentation) is timed on some of the images, as
in schedules.py. After which epoch it gets there comes from the same training, by Keras in float32,
on stored outputs of its frozen blocks: the same numbers, sooner. Judging it after every epoch is
not counted.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import measuring
import numpy as np
from plain_keras import batches_of, compile_binary, frozen_base, train_plain

from vgg_transfer import images
from vgg_transfer.images import ImageRecord, ImageSet
from vgg_transfer.network import Weights, resolve_weights
from vgg_transfer.recipe import choose
from vgg_transfer.training import train


def main() -> None:
    """Measure both and print the result as JSON."""
    arguments = _arguments()
    image_set = images.load_images(arguments.data)
    weights = resolve_weights("imagenet")
    if weights is None:
        raise SystemExit("this benchmark needs the ImageNet weights")
    ours = [_ours(image_set, arguments, seed) for seed in range(arguments.seeds)]
    usual = _epoch_seconds(image_set, weights, arguments)
    found: dict[str, Any] = {
        "machine": measuring.machine(),
        "accuracy": arguments.accuracy,
        "ours": ours,
        "usual_seconds_of_an_epoch": usual,
        "usual": [],
    }
    stored = _stored(image_set, weights, arguments.size)
    for seed in range(arguments.seeds):
        accuracies = []
        for one in _by_epoch(stored, weights, arguments, seed):
            accuracies.append(one)
            if one >= arguments.accuracy:
                break
        reached = len(accuracies) if accuracies[-1] >= arguments.accuracy else None
        facts: dict[str, Any] = {"accuracy_by_epoch": accuracies, "reached_after": reached}
        if reached is not None:
            of_head = min(reached, arguments.epochs)
            facts["seconds"] = of_head * usual["head"] + (reached - of_head) * usual["block5"]
            facts["ratio"] = facts["seconds"] / ours[seed]["seconds"]
        found["usual"].append(facts)
        measuring.tell(f"usual, seed {seed}", facts)
    measuring.answer(found)


def _ours(image_set: ImageSet, arguments: argparse.Namespace, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VGG_TRANSFER_CACHE"] = str(Path(folder) / "activations")
        began = time.perf_counter()
        recipe = choose("exact-first").changed(size=arguments.size)
        run = train(recipe, image_set, Path(folder) / "run", seed=seed)
        facts = {
            "seconds": time.perf_counter() - began,
            "test_accuracy": run.metrics.accuracy if run.metrics else None,
        }
    measuring.tell(f"ours, seed {seed}", facts)
    return facts


def _epoch_seconds(
    image_set: ImageSet, weights: Weights, arguments: argparse.Namespace
) -> dict[str, float]:
    """Return what an epoch of all images takes the usual recipe, by timing some of them."""
    splits = [image_set.split("train"), image_set.split("val")]
    share = min(1.0, arguments.plain_images / len(splits[0]))
    some = [measuring.spread(part, round(share * len(part))) for part in splits]
    timed = train_plain(*some, (), weights, arguments.size, (2, 2), augment=False)
    scale = sum(map(len, splits)) / sum(map(len, some))
    # The first epoch of a phase also builds the graph and decodes.
    return {"head": scale * timed.head_epochs[1], "block5": scale * timed.block5_epochs[1]}


_Stored = dict[str, tuple[np.ndarray, np.ndarray]]


def _stored(image_set: ImageSet, weights: Weights, size: int) -> _Stored:
    """Return what block5 receives of the training and test images, and their labels."""
    base = frozen_base(weights, size)
    pixels = keras.Input((size, size, 3))
    below = keras.Model(base.input, base.get_layer("block4_pool").output)
    model = keras.Model(pixels, below(keras.applications.vgg16.preprocess_input(pixels)))

    def outputs(records: tuple[ImageRecord, ...]) -> tuple[np.ndarray, np.ndarray]:
        rows, labels = [], []
        for batch, label in batches_of(records, size):
            rows.append(model.predict_on_batch(batch))
            labels.append(label)
        return np.concatenate(rows), np.concatenate(labels)

    return {"train": outputs(image_set.split("train")), "test": outputs(image_set.split("test"))}


def _by_epoch(
    stored: _Stored, weights: Weights, arguments: argparse.Namespace, seed: int
) -> Iterator[float]:
    """Yield the accuracy on the test images after each epoch: of the head, then of block5 too."""
    keras.utils.set_random_seed(seed)
    base = frozen_base(weights, arguments.size)
    inputs = tensor = keras.Input(stored["train"][0].shape[1:])
    top = [layer for layer in base.layers if layer.name.startswith("block5")]
    for layer in top:
        tensor = layer(tensor)
    tensor = keras.layers.GlobalAveragePooling2D()(tensor)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dropout(0.2)(tensor)))
    for rate, opens in ((1e-3, False), (1e-5, True)):
        for layer in top:
            layer.trainable = opens
        compile_binary(model, rate)
        for _ in range(arguments.epochs):
            model.fit(*stored["train"], batch_size=32, epochs=1, verbose=0)
            judged = model.evaluate(*stored["test"], verbose=0, return_dict=True)
            yield float(judged["accuracy"])


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images of two classes")
    parser.add_argument("--accuracy", type=float, default=0.98)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--epochs", type=int, default=10, help="of the head, and again of block5")
    parser.add_argument("--plain-images", type=int, default=250, help="on which epochs are timed")
    parser.add_argument("--seeds", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
