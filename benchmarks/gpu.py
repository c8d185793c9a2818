"""How fast a GPU trains, beside a plain Keras loop on the same GPU, backend and precision.

    python benchmarks/gpu.py KIT [--minutes 6]

On JAX set KERAS_BACKEND=jax and XLA_PYTHON_CLIENT_PREALLOCATE=false, since others may use the GPU
as well. KIT is the folder that benchmarks/gpu_kit.py packed; nothing else is read, and TensorFlow
is not needed. Prints one JSON object: images a second of the prefix, of a step of block5 on stored
activations and of a step of the whole network, each with its share of the rate of a large matrix
product in that precision; the same step of plain Keras; and the default recipe on the pictures of
the kit, with the share of its time that it waited for input. What does not fit into the minutes is
left out, and said.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measuring  # before Keras, which it keeps quiet

# isort: split

import keras
import numpy as np
from keras import ops
from timing import matrix_product_gflops, rates, timed

from vgg_transfer.network import Network, Weights, build_network, prepare
from vgg_transfer.network.parts import stretch, tail
from vgg_transfer.recipe import Head, named, override
from vgg_transfer.training import train
from vgg_transfer.training.planning.cost import block_gflop

POLICIES = {"fp32": "float32", "bf16": "mixed_bfloat16", "fp16": "mixed_float16"}
DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


def main() -> None:
    """Measure as much as fits into the time and print the result as JSON."""
    arguments = _arguments()
    ends = time.monotonic() + 60 * arguments.minutes
    found: dict[str, Any] = {
        "machine": measuring.machine(),
        "backend": keras.backend.backend(),
        "size": arguments.size,
        "batch": arguments.batch,
        "left_out": [],
    }
    weights = _weights(arguments.kit / "weights.npz")
    works: dict[str, Callable[[], Any]] = {
        precision: lambda precision=precision: _steps(precision, weights, arguments)
        for precision in arguments.precisions.split(",")
    }
    works["default"] = lambda: _default(weights, arguments)
    took = 0.0
    for name, work in works.items():
        if time.monotonic() + took > ends:  # the next one takes about as long as the last
            found["left_out"].append(name)
            continue
        began = time.monotonic()
        found[name] = work()
        took = time.monotonic() - began
        measuring.tell(name, found[name] | {"seconds": round(took, 1)})
    measuring.answer(found)


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("kit", type=Path, help="the folder that gpu_kit.py packed")
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--matrix", type=int, default=8192, help="side of the matrix product")
    parser.add_argument("--precisions", default="bf16,fp32")
    return parser.parse_args()


def _weights(file: Path) -> Weights:
    with np.load(file) as kept:
        tensors = {name: kept[name].astype(np.float32) for name in kept.files}
    return Weights(tensors, source="the kit, in half precision", digest="", published=False)


def _steps(precision: str, weights: Weights, arguments: argparse.Namespace) -> dict[str, Any]:
    """Time each part in one precision, and plain Keras's step beside them."""
    size, batch, rounds = arguments.size, arguments.batch, arguments.rounds
    recipe = override(named("staged"), [f"size={size}"]).changed(head=Head())
    network = build_network(recipe, 2, weights, 0, POLICIES[precision])
    peak = matrix_product_gflops(DTYPES[precision], arguments.matrix)
    pixels = np.random.default_rng(0).uniform(0, 255, (batch, size, size, 3)).astype(np.float32)
    labels = (np.arange(batch) % 2).astype(np.float32)[:, None]
    gflop = {name: block_gflop(network, name, size) for name in network.blocks}
    whole = sum(gflop.values())

    prefix = stretch(network, None, ["block5"])
    rows = np.asarray(ops.convert_to_numpy(prefix.predict_on_batch(pixels)["block5"]))
    found: dict[str, Any] = {"matrix_product_gflops": peak}
    parts = {"prefix to block5": (lambda: prefix.predict_on_batch(pixels), whole - gflop["block5"])}
    step = tail(network, "block5")
    prepare(network, step, ("head", "block5"), keras.optimizers.Adam(1e-5), 0.0, jit_compile=True)
    parts["block5 step on stored activations"] = (
        lambda: step.train_on_batch(rows, labels),
        3 * gflop["block5"],
    )
    for name, (work, each) in parts.items():
        found[name] = rates(timed(work, rounds), batch, each, peak)
    found["step of the whole network"] = _whole(network, pixels, labels, whole, peak, rounds)
    found["plain Keras: step of block5 and head"] = _plain(
        weights, precision, pixels, labels, whole + 2 * gflop["block5"], peak, rounds
    )
    ours = found["block5 step on stored activations"]["images_per_second"]
    plain = found["plain Keras: step of block5 and head"]["images_per_second"]
    found["times plain Keras, once stored"] = ours / plain
    return found


def _whole(
    network: Network, pixels: Any, labels: Any, gflop: float, peak: float, rounds: int
) -> dict[str, float]:
    every = tuple(network.blocks)
    prepare(network, network.model, every, keras.optimizers.Adam(1e-5), 0.0, jit_compile=True)
    seconds = timed(lambda: network.model.train_on_batch(pixels, labels), rounds)
    return rates(seconds, len(pixels), 3 * gflop, peak)


def _plain(
    weights: Weights,
    precision: str,
    pixels: Any,
    labels: Any,
    gflop: float,
    peak: float,
    rounds: int,
) -> dict[str, float]:
    """Time the step that people write: the frozen base below block5 computed again each time."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[precision])
    try:
        base = keras.applications.VGG16(weights=None, include_top=False)
        for layer in base.layers:
            layer.trainable = layer.name.startswith("block5")
            if layer.name.endswith(tuple(f"conv{n}" for n in (1, 2, 3))):
                layer.set_weights(
                    [weights.tensors[f"{layer.name}/{p}"] for p in ("kernel", "bias")]
                )
        inputs = keras.Input(pixels.shape[1:])
        tensor = keras.layers.Rescaling(1.0, offset=-120.0)(inputs)
        tensor = keras.layers.GlobalAveragePooling2D()(base(tensor, training=False))
        model = keras.Model(inputs, keras.layers.Dense(1, dtype="float32")(tensor))
    finally:
        keras.config.set_dtype_policy(before)
    model.compile(
        keras.optimizers.Adam(1e-5), keras.losses.BinaryCrossentropy(True), jit_compile=True
    )
    seconds = timed(lambda: model.train_on_batch(pixels, labels), rounds)
    return rates(seconds, len(pixels), gflop, peak)


def _default(weights: Weights, arguments: argparse.Namespace) -> dict[str, Any]:
    """Train the default recipe on the pictures of the kit, from their files to its number."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "kit.h5"
        _write_h5(weights, file)
        recipe = named("exact-first").changed(size=arguments.size, base={"weights": str(file)})
        began = time.perf_counter()
        run = train(recipe, arguments.kit / "pictures", Path(place) / "run", cache=False)
        seconds = time.perf_counter() - began
    images = sum(run.image_set.count(split) for split in run.image_set.counts)
    return {
        "images": images,
        "seconds": seconds,
        "minutes_for_3000_images_if_in_proportion": seconds / images * 3000 / 60,
        "accuracy": run.metrics.accuracy if run.metrics else None,
        "waiting_share": {
            f"stage {one.stage}, epoch {one.epoch}": one.waiting_share for one in run.history
        },
        "precision": run.environment.precision,
    }


def _write_h5(weights: Weights, file: Path) -> None:
    import h5py

    with h5py.File(file, "w") as kept:
        for name, tensor in weights.tensors.items():
            layer, part = name.split("/")
            kept.create_dataset(f"{layer}/{layer}/{part}:0", data=tensor)


if __name__ == "__main__":
    main()
