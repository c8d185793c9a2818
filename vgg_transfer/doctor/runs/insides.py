"""What is measured inside a run's model: how far it moved, which units are dead, its gradients."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.disk import is_file
from vgg_transfer.errors import RunError
from vgg_transfer.images.decode import Undecodable, decode
from vgg_transfer.images.resize import resizing
from vgg_transfer.network import Network, build_network, resolve_weights
from vgg_transfer.network.head_layers import encoder, loss_for
from vgg_transfer.run import Run
from vgg_transfer.training.devices import needs_tensorflow
from vgg_transfer.words import excerpt

_IMAGES = 32
# Of what a picture of 224 px becomes in all blocks, a batch of these fills half a GB.
_AT_ONCE = 8


@dataclass(frozen=True)
class Gradient:
    """The gradient of a block on some training images, as root mean squares over its kernels."""

    size: float
    weight: float


@dataclass(frozen=True)
class Insides:
    """What was measured inside a model.

    Args:
        unchanged: the share of each block's kernels that are what they began as, bit for bit.
        distance: how far each block's kernels moved, as a share of their length at the beginning.
        images: how many training images went through the model.
        dead: of each layer with ReLUs: units that answer to no image, in the model and in what it
            began with, and how many there are.
        gradients: of each block, on these images; none where there are none.
        loss: on these images.
    """

    unchanged: Mapping[str, float]
    distance: Mapping[str, float]
    images: int
    dead: Mapping[str, tuple[int, int, int]]
    gradients: Mapping[str, Gradient]
    loss: float


def look_inside(run: Run) -> Insides:
    """Measure the model of a run beside what it began with; up to 32 training images are read.

    Args:
        run: the record; images that lie no longer where they were are left out.

    Raises:
        RunError: the model cannot be read, or Keras does not compute with TensorFlow.
        VggTransferError: the weights that it began with are not to be had any more.
    """
    needs_tensorflow("a model is looked into with")
    model = _loaded(run)
    start = _start_of(run)
    pairs = {
        block: [
            (now, then)
            for layer in layers
            if hasattr(layer, "kernel")
            for now, then in [(_kernel(model.get_layer(layer.name)), _kernel(layer))]
        ]
        for block, layers in start.blocks.items()
    }
    pixels, labels = _pictures(run)
    gradients, loss = _gradients(model, start, pixels, labels) if labels else ({}, 0.0)
    return Insides(
        unchanged={block: _share_unchanged(kernels) for block, kernels in pairs.items()},
        distance={block: _distance(kernels) for block, kernels in pairs.items()},
        images=len(labels),
        dead=_dead_units(model, start, pixels) if labels else {},
        gradients=gradients,
        loss=loss,
    )


def _loaded(run: Run) -> keras.Model:
    try:
        return keras.saving.load_model(run.model_file, compile=False)
    except Exception as error:  # Keras raises nearly anything for a damaged file
        raise RunError(f"model.keras cannot be read: {excerpt(str(error), 200)}") from error


def _start_of(run: Run) -> Network:
    """Return the network as it was before the first step."""
    weights = resolve_weights(run.recipe.base.weights, run.recipe.base.architecture)
    if (weights.digest if weights else "") != run.weights.digest:
        raise RunError("the weights that it began with are other ones now")
    return build_network(run.recipe, len(run.class_names), weights, run.seed, channels=run.channels)


def _kernel(layer: Any) -> NDArray[np.float32]:
    return np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float32)


def _share_unchanged(kernels: list[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> float:
    same = sum(int((now == then).sum()) for now, then in kernels)
    return same / max(1, sum(then.size for _, then in kernels))


def _distance(kernels: list[tuple[NDArray[np.float32], NDArray[np.float32]]]) -> float:
    moved = sum(float(np.square(now - then, dtype=np.float64).sum()) for now, then in kernels)
    length = sum(float(np.square(then, dtype=np.float64).sum()) for _, then in kernels)
    return float(np.sqrt(moved / length)) if length else 0.0


def _pictures(run: Run) -> tuple[NDArray[np.float32], list[int]]:
    """Return pixels of the recipe's size and labels of some training images, over all classes."""
    rows, root = run.split("train"), Path(run.image_set.root)
    # Evenly over the list, in which classes lie one after another.
    chosen = [rows[number * len(rows) // _IMAGES] for number in range(_IMAGES)] if rows else []
    resize = resizing(run.recipe.size, run.recipe.resize)
    pixels, labels = [], []
    for row in dict.fromkeys(chosen):
        if not is_file(root / row.path):
            continue
        try:
            picture = decode(root / row.path, digest=row.digest)
        except Undecodable:
            continue
        pixels.append(np.asarray(resize(picture[None].astype(np.float32)))[0])
        labels.append(run.class_names.index(row.class_name))
    return np.array(pixels, np.float32), labels


def _dead_units(
    model: keras.Model, start: Network, pixels: NDArray[np.float32]
) -> dict[str, tuple[int, int, int]]:
    """Count the units that answer to no image, now and with the weights of the beginning."""
    layers = [layer for layer in model.layers if _is_relu(layer)]
    if not layers:
        return {}
    outputs = keras.Model(model.input, [layer.output for layer in layers])

    def silent() -> list[NDArray[np.bool_]]:
        largest = []
        for first in range(0, len(pixels), _AT_ONCE):
            found = outputs(pixels[first : first + _AT_ONCE])
            found = found if isinstance(found, list) else [found]
            largest.append(
                [np.asarray(one).reshape(-1, one.shape[-1]).max(axis=0) for one in found]
            )
        return [np.max(one, axis=0) <= 0 for one in zip(*largest, strict=True)]

    now, kept = silent(), model.get_weights()
    for layers_of_block in start.blocks.values():
        for layer in layers_of_block:
            if layer.weights:
                model.get_layer(layer.name).set_weights(layer.get_weights())
    then = silent()
    model.set_weights(kept)
    return {
        layer.name: (int(one.sum()), int(other.sum()), one.size)
        for layer, one, other in zip(layers, now, then, strict=True)
    }


def _is_relu(layer: Any) -> bool:
    activation = getattr(getattr(layer, "activation", None), "__name__", "")
    return isinstance(layer, keras.layers.ReLU) or activation == "relu"


def _gradients(
    model: keras.Model, start: Network, pixels: NDArray[np.float32], labels: list[int]
) -> tuple[dict[str, Gradient], float]:
    """Return each block's gradient of the loss on these images, and the loss."""
    import tensorflow

    logits = keras.Model(model.input, model.get_layer("probabilities").input)
    kernels = {
        block: [model.get_layer(layer.name).kernel for layer in layers if hasattr(layer, "kernel")]
        for block, layers in start.blocks.items()
    }
    kernels_of_all = [kernel.value for group in kernels.values() for kernel in group]
    encode = encoder(start.recipe.head, start.classes)
    loss_of = loss_for(start.recipe.head, start.classes)
    total, sums = 0.0, [np.zeros(kernel.shape) for kernel in kernels_of_all]
    for first in range(0, len(pixels), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        with tensorflow.GradientTape(watch_accessed_variables=False) as tape:
            for variable in kernels_of_all:
                tape.watch(variable)
            loss = loss_of(encode(np.array(labels[part])), logits(pixels[part]))
        share = len(labels[part]) / len(labels)
        total += float(loss) * share
        found = tape.gradient(loss, kernels_of_all)
        sums = [
            before + share * np.asarray(gradient, np.float64)
            for before, gradient in zip(sums, found, strict=True)
        ]
    mean = iter(sums)
    gradients = {
        block: Gradient(_size([next(mean) for _ in group]), _size([one.value for one in group]))
        for block, group in kernels.items()
    }
    return gradients, total


def _size(tensors: list[Any]) -> float:
    """Return the root mean square over all numbers of some tensors."""
    numbers = np.concatenate([np.asarray(one, np.float64).ravel() for one in tensors])
    return float(np.sqrt(np.square(numbers).mean()))
