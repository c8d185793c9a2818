"""The head's layers by name and value, and the loss and accuracy that belong to its output."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

from vgg_transfer.errors import RecipeError
from vgg_transfer.network.head_layers import (
    accuracy_for,
    apply_head,
    encoder,
    has_sigmoid,
    head_layers,
    loss_for,
    pool,
)
from vgg_transfer.network.probabilities import probabilities_layer
from vgg_transfer.recipe import Head

# One image of 2 x 2 with two channels: 1 2 3 6 and 0 0 0 4.
FEATURES = np.array([[[[1, 0], [2, 0]], [[3, 0], [6, 4]]]], np.float32)


def test_the_chain_of_a_head_with_hidden_layers() -> None:
    names = [layer.name for layer in head_layers(Head(dense=(8, 4), batch_norm=True), 3, seed=0)]
    assert names == [
        "head_pool",
        *("head_dense1", "head_norm1", "head_relu1", "head_dropout1"),
        *("head_dense2", "head_norm2", "head_relu2", "head_dropout2"),
        "head_output",
    ]


@pytest.mark.parametrize(("momentum", "mean"), [(0.9, 0.2), (0.5, 1.0)])
def test_batch_norm_remembers_as_much_as_its_momentum_says(momentum: float, mean: float) -> None:
    head = Head(dense=(1,), batch_norm=True, norm_momentum=momentum)
    (norm,) = [layer for layer in head_layers(head, 2, seed=0) if layer.name == "head_norm1"]
    norm(np.array([[1.0], [3.0]]), training=True)  # the mean, 0 before, is 2 here
    assert np.asarray(norm.moving_mean).tolist() == pytest.approx([mean])


def test_without_activation_a_hidden_layer_has_no_relu() -> None:
    layers = head_layers(Head(dense=(8,), activation="none", dropout=0.5), 2, seed=0)
    assert [layer.name for layer in layers] == [
        *("head_pool", "head_dense1", "head_dropout1", "head_output")
    ]
    # One unit that hands on what it gets: a negative sum stays negative.
    pool, dense, *_ = head_layers(Head(dense=(1,), activation="none"), 2, seed=0)
    features = pool(-FEATURES)
    dense.build(features.shape)
    dense.set_weights([np.ones((2, 1)), np.zeros(1)])
    assert np.asarray(dense(features)).tolist() == [[-4.0]]


def test_the_chain_of_a_head_without_hidden_layers() -> None:
    layers = head_layers(Head(dropout=0.2), 3, seed=0)
    assert [layer.name for layer in layers] == ["head_pool", "head_dropout", "head_output"]
    assert layers[1].rate == 0.2


def test_there_is_always_a_dropout_that_a_stage_may_turn_up() -> None:
    _, dropout, _ = head_layers(Head(), 3, seed=0)
    assert dropout.rate == 0.0
    dropout.rate = 0.5
    ones = np.ones((1, 1000), np.float32)
    assert 0.4 < float(np.mean(np.asarray(dropout(ones, training=True)) == 0)) < 0.6
    assert np.array_equal(dropout(ones, training=False), ones)


@pytest.mark.parametrize(
    ("pooling", "pooled"),
    [
        ("average", [3, 1]),
        ("max", [6, 4]),
        ("both", [3, 1, 6, 4]),
        ("flatten", [1, 0, 2, 0, 3, 0, 6, 4]),
    ],
)
def test_each_pooling_hands_the_output_what_its_name_says(pooling: str, pooled: list[int]) -> None:
    layers = head_layers(Head(pooling=pooling, output="softmax"), len(pooled), seed=0)
    layers[-1].build((None, len(pooled)))
    layers[-1].set_weights([np.eye(len(pooled)), np.zeros(len(pooled))])
    assert np.asarray(apply_head(layers, [pool(layers, FEATURES)])).tolist() == [pooled]


def test_the_penalty_is_the_hidden_layers_where_there_are_any() -> None:
    def penalised(head: Head) -> dict[str, tuple[float, float]]:
        return {
            layer.name: (float(layer.kernel_regularizer.l1), float(layer.kernel_regularizer.l2))
            for layer in head_layers(head, 3, seed=0)
            if getattr(layer, "kernel_regularizer", None)
        }

    both = {"l1": 0.25, "l2": 0.5}
    assert penalised(Head(**both)) == {"head_output": (0.25, 0.5)}
    assert penalised(Head(dense=(4, 2), **both)) == {
        "head_dense1": (0.25, 0.5),
        "head_dense2": (0.25, 0.5),
    }
    assert penalised(Head(dense=(4,))) == {}


def test_the_head_computes_in_float32_whatever_the_base_does() -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        layers = head_layers(Head(pooling="both", dense=(4,), batch_norm=True), 3, seed=0)
    finally:
        keras.config.set_dtype_policy(before)
    assert {layer.compute_dtype for layer in layers} == {"float32"}


def test_the_head_starts_from_its_seed_and_dense_layers_differ() -> None:
    def kernels(seed: int) -> list[np.ndarray]:
        layers = head_layers(Head(dense=(4, 4)), 4, seed)
        apply_head(layers, [np.ones((1, 4), np.float32)])
        return [layer.get_weights()[0] for layer in layers if layer.weights]

    first, second, output = kernels(0)
    assert not np.array_equal(first, second)
    assert all(
        np.array_equal(a, b) for a, b in zip([first, second, output], kernels(0), strict=True)
    )
    assert not np.array_equal(first, kernels(1)[0])


@pytest.mark.parametrize(
    ("output", "classes", "sigmoid"),
    [
        ("auto", 2, True),
        ("auto", 3, False),
        ("softmax", 2, False),
        ("softmax", 3, False),
        ("sigmoid", 2, True),
    ],
)
def test_two_classes_have_one_unit_unless_softmax_is_asked_for(
    output: str, classes: int, sigmoid: bool
) -> None:
    head = Head(output=output)
    assert has_sigmoid(head, classes) is sigmoid
    assert head_layers(head, classes, seed=0)[-1].units == (1 if sigmoid else classes)
    kind = keras.activations.sigmoid if sigmoid else keras.activations.softmax
    assert probabilities_layer(head, classes).activation is kind


def test_a_sigmoid_for_three_classes_is_refused() -> None:
    with pytest.raises(RecipeError) as caught:
        head_layers(Head(output="sigmoid"), 3, seed=0)
    assert str(caught.value) == (
        'head.output = "sigmoid" is one unit for two classes, but the image set has 3 classes: '
        'set head.output = "auto" or "softmax"'
    )


LABELS = np.array([0, 1, 1])


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_one_unit_is_judged_by_binary_cross_entropy_on_its_logit(smoothing: float) -> None:
    head = Head(label_smoothing=smoothing)
    logits = np.array([[-2.0], [0.5], [-1.0]], np.float32)
    targets = np.asarray(encoder(head, 2)(LABELS))
    assert targets.tolist() == [[0.0], [1.0], [1.0]]
    smoothed = targets * (1 - smoothing) + smoothing / 2
    chance = 1 / (1 + np.exp(-logits))
    expected = -np.mean(smoothed * np.log(chance) + (1 - smoothed) * np.log(1 - chance))
    assert float(loss_for(head, 2)(targets, logits)) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("classes", "smoothing"), [(3, 0.0), (3, 0.3), (2, 0.1)])
def test_several_units_are_judged_by_categorical_cross_entropy(
    classes: int, smoothing: float
) -> None:
    head = Head(output="softmax", label_smoothing=smoothing)
    logits = np.array([[2.0, 0.0, 1.0], [0.0, 0.5, 3.0], [1.0, 1.0, -1.0]], np.float32)[:, :classes]
    targets = np.asarray(encoder(head, classes)(LABELS))
    assert targets.tolist() == np.eye(classes)[LABELS].tolist()
    smoothed = targets * (1 - smoothing) + smoothing / classes
    log_chance = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    expected = -np.mean((smoothed * log_chance).sum(axis=1))
    assert float(loss_for(head, classes)(targets, logits)) == pytest.approx(expected, rel=1e-5)


def test_accuracy_counts_logits_on_the_right_side() -> None:
    one = accuracy_for(Head(), 2)
    # Right: a negative logit for class 0, a positive one for class 1, even below 0.5.
    one.update_state([[0.0], [1.0], [1.0], [1.0]], [[-0.1], [0.1], [0.2], [-3.0]])
    several = accuracy_for(Head(), 3)
    several.update_state(
        np.eye(3)[[0, 1, 2]], [[5.0, 1.0, 0.0], [2.0, 1.0, 0.0], [-3.0, -2.0, -1.0]]
    )
    assert (one.name, float(one.result())) == ("accuracy", 0.75)
    assert (several.name, float(several.result())) == ("accuracy", pytest.approx(2 / 3))
