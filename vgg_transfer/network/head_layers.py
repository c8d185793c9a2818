"""The head's layers, and the loss and metric that belong to its output."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from vgg_transfer.errors import RecipeError
from vgg_transfer.network.drawing import drawn
from vgg_transfer.network.focal import FocalLoss
from vgg_transfer.network.vgg import seed_for
from vgg_transfer.recipe import Head

# The head is small and decides: it computes in float32 whatever the base does.
_PRECISE = "float32"


def head_layers(head: Head, classes: int, seed: int) -> tuple[keras.Layer, ...]:
    """Return the layers that turn the outputs of blocks into logits, in the order of use."""
    glorot = keras.initializers.GlorotUniform
    # He's initialisation makes up for what a ReLU takes away.
    hidden = keras.initializers.HeNormal if head.activation == "relu" else glorot
    layers = _pooling(head)
    for number, units in enumerate(head.dense, start=1):
        layers.append(_dense(units, f"head_dense{number}", hidden, head, seed))
        if head.batch_norm:
            norm = keras.layers.BatchNormalization(
                momentum=head.norm_momentum, name=f"head_norm{number}", dtype=_PRECISE
            )
            layers.append(norm)
        if head.activation == "relu":
            layers.append(keras.layers.ReLU(name=f"head_relu{number}", dtype=_PRECISE))
        layers.append(_dropout(head, f"head_dropout{number}", seed))
    if not head.dense:
        layers.append(_dropout(head, "head_dropout", seed))
    units = 1 if has_sigmoid(head, classes) else classes
    # Where there are hidden layers, the penalty is on them alone.
    penalised = head.changed(l1=0.0, l2=0.0) if head.dense else head
    return (*layers, _dense(units, "head_output", glorot, penalised, seed))


def draw_head(layers: Sequence[keras.Layer]) -> None:
    """Draw the kernels of a head whose layers were applied once, as their initializers say."""
    for layer in layers:
        if isinstance(layer, keras.layers.Dense):
            layer.kernel.assign(drawn(layer.kernel_initializer, layer.kernel.shape))


def has_sigmoid(head: Head, classes: int) -> bool:
    """Return whether the output is a single unit: two classes, unless softmax is asked for."""
    if head.output == "sigmoid" and classes != 2:
        raise RecipeError(
            f'head.output = "sigmoid" is one unit for two classes, but the image set has '
            f'{classes} classes: set head.output = "auto" or "softmax"'
        )
    return head.output == "sigmoid" or (head.output == "auto" and classes == 2)


def loss_for(head: Head, classes: int) -> Any:
    """Return the loss for the head's logits."""
    if head.loss == "focal":
        return FocalLoss(head.focal_gamma, head.label_smoothing)
    binary, several = keras.losses.BinaryCrossentropy, keras.losses.CategoricalCrossentropy
    kind = binary if has_sigmoid(head, classes) else several
    return kind(from_logits=True, label_smoothing=head.label_smoothing)


def accuracy_for(head: Head, classes: int) -> Any:
    """Return the accuracy metric for the head's logits."""
    if has_sigmoid(head, classes):
        return keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)
    return keras.metrics.CategoricalAccuracy(name="accuracy")


def pool(layers: tuple[keras.Layer, ...], output: Any) -> Any:
    """Pool a block's output as the head reads it: one row of float32 features per image."""
    pooling = {layer.name: layer for layer in layers}
    if "head_pool_join" in pooling:
        both = [pooling["head_pool_average"](output), pooling["head_pool_max"](output)]
        return pooling["head_pool_join"](both)
    features = pooling["head_pool"](output)
    exact = keras.backend.standardize_dtype(features.dtype) != _PRECISE
    return ops.cast(features, _PRECISE) if exact else features


def apply_head(layers: tuple[keras.Layer, ...], features: Sequence[Any]) -> Any:
    """Apply the head to the pooled outputs of the blocks that it reads, lowest first."""
    tensor = features[0]
    for layer in layers:
        if layer.name == "head_pool_blocks" and len(features) > 1:
            tensor = layer(list(features))
        elif not layer.name.startswith("head_pool"):
            tensor = layer(tensor)
    return tensor


def _pooling(head: Head) -> list[keras.Layer]:
    """Return what pools one block, and what puts several blocks side by side."""
    several = len(head.blocks) > 1
    # The features of several blocks are stored, and what float32 makes of a sum depends on the
    # batch: in float64 an average is the same in any.
    average = keras.layers.GlobalAveragePooling2D
    exact = "float64" if several else _PRECISE
    if head.pooling == "both":
        layers = [
            average(name="head_pool_average", dtype=exact),
            keras.layers.GlobalMaxPooling2D(name="head_pool_max", dtype=_PRECISE),
            keras.layers.Concatenate(name="head_pool_join", dtype=_PRECISE),
        ]
    elif head.pooling == "average":
        layers = [average(name="head_pool", dtype=exact)]
    else:
        kinds = {"max": keras.layers.GlobalMaxPooling2D, "flatten": keras.layers.Flatten}
        layers = [kinds[head.pooling](name="head_pool", dtype=_PRECISE)]
    if several:
        layers.append(keras.layers.Concatenate(name="head_pool_blocks", dtype=_PRECISE))
    return layers


def _dense(units: int, name: str, initializer: Any, head: Head, seed: int) -> keras.Layer:
    regularised = head.l1 > 0 or head.l2 > 0
    return keras.layers.Dense(
        units,
        name=name,
        dtype=_PRECISE,
        kernel_initializer=initializer(seed=seed_for(seed, name)),
        kernel_regularizer=keras.regularizers.L1L2(head.l1, head.l2) if regularised else None,
    )


def _dropout(head: Head, name: str, seed: int) -> keras.Layer:
    """Return a dropout layer, also at rate 0: a stage may set a rate of its own."""
    # Keras gives a layer of rate 0 no random state, so it is made with another rate first.
    layer = keras.layers.Dropout(0.5, name=name, dtype=_PRECISE, seed=seed_for(seed, name))
    layer.rate = head.dropout
    return layer


def encoder(head: Head, classes: int) -> Any:
    """Return a function from a batch of labels to the targets of ``loss_for``."""
    if has_sigmoid(head, classes):
        return lambda labels: ops.cast(ops.expand_dims(labels, -1), "float32")
    return lambda labels: ops.one_hot(labels, classes, dtype="float32")
