"""A run's model as it is exported: in float32, from raw pixels to the probabilities of all classes.

What only training needs is not in it. Its numbers are those of the run's model but for bfloat16.
"""

from collections.abc import Mapping

import keras
from keras import ops

from vgg_transfer.deploy.model import model_of
from vgg_transfer.images.resize import resizing
from vgg_transfer.network.head_layers import has_sigmoid
from vgg_transfer.network.network import Network, build_network, preprocess, servable
from vgg_transfer.network.passage import apply_blocks
from vgg_transfer.run import Run

_Layers = tuple[keras.layers.Layer, ...]


def shipped(
    run: Run, temperature: float = 1.0, fold: bool = False, plain: bool = False
) -> keras.Model:
    """Return the model to export.

    Args:
        run: whose model it is.
        temperature: logits are divided by it. [default: 1, they stay as they are]
        fold: whether batch norm is merged into the layers before it. [default: False]
        plain: whether resizing is made of operations that every runtime has. [default: False, it
            is Keras's own]

    Raises:
        RunError: the model is missing or damaged.
    """
    network = _network_of(run)
    blocks = _without_dropout(network.blocks)
    blocks = {name: _folded(layers) for name, layers in blocks.items()} if fold else blocks
    recipe = run.recipe
    pixels = keras.Input((None, None, 3), name="pixels")
    # Is loaded here, so that where there is no TensorFlow that can be said.
    from vgg_transfer.exports.plain_resize import PlainResize

    resize = PlainResize if plain else resizing
    ready = preprocess(recipe, resize(recipe.size, recipe.resize)(pixels), network.channels)
    logits = apply_blocks(blocks, recipe.head, ready)
    if temperature != 1.0:
        logits = keras.layers.Rescaling(1 / temperature, name="temperature", dtype="float32")(
            logits
        )
    if not has_sigmoid(recipe.head, network.classes):
        rows = keras.layers.Softmax(name="probabilities", dtype="float32")(logits)
        return keras.Model(pixels, rows, name="vgg_transfer")
    second = ops.sigmoid(logits)
    # Not 1 - second: what is nearly 0 would be rounded to nothing.
    rows = ops.concatenate([ops.sigmoid(-logits), second], axis=-1)
    return keras.Model(pixels, rows, name="vgg_transfer")


def _network_of(run: Run) -> Network:
    network = build_network(
        run.recipe, len(run.class_names), None, run.seed, "float32", run.channels
    )
    servable(network).set_weights(model_of(run).get_weights())
    return network


def _without_dropout(blocks: Mapping[str, _Layers]) -> dict[str, _Layers]:
    return {
        name: tuple(one for one in layers if not isinstance(one, keras.layers.Dropout))
        for name, layers in blocks.items()
    }


def _folded(layers: _Layers) -> _Layers:
    """Merge each batch norm into the convolution or dense layer before it, whose weights change."""
    kept: list[keras.layers.Layer] = []
    for layer in layers:
        if not isinstance(layer, keras.layers.BatchNormalization):
            kept.append(layer)
            continue
        gamma, beta, mean, variance = layer.get_weights()
        scale = gamma / (variance + layer.epsilon) ** 0.5
        kernel, bias = kept[-1].get_weights()
        kept[-1].set_weights([kernel * scale, (bias - mean) * scale + beta])
    return tuple(kept)
