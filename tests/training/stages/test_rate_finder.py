"""The learning-rate finder: which rate it finds, and that it leaves the network as it was."""

import io
import math
import zipfile
from types import SimpleNamespace

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from support.heard import Heard

from vgg_transfer.images import load_images
from vgg_transfer.network import build_network, prepare
from vgg_transfer.recipe import Base, Head, Recipe, Stage, from_toml, to_toml
from vgg_transfer.training import train
from vgg_transfer.training.stages.inputs import StageInputs
from vgg_transfer.training.stages.rate_finder import find_rate, steepest

RATES = [10.0**power for power in range(30)]


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([1.0] * 10 + [0.0] * 10, 10),  # it falls at once, and nothing else happens
        ([1.0] * 10 + [0.0] * 10 + [5.0] * 5, 10),  # what comes after the lowest point is too far
        ([1.0] * 8 + [0.9] * 8 + [0.1] * 8, 16),  # of two falls the steeper one
        ([1.0] * 8 + [0.2] * 8 + [0.1] * 8, 8),
        ([1.0] * 30, None),
        ([0.1] * 30, None),
        ([0.7 + 0.001 * (-1) ** number for number in range(30)], None),  # noise
        ([1.0 + 0.1 * number for number in range(20)], None),  # it only rises
        ([1.0, 0.9, 0.8, 0.1], None),  # too few to tell
        ([], None),
    ],
)
def test_the_rate_of_the_steepest_fall(losses, expected):
    found = steepest(RATES[: len(losses)], losses)
    assert found == (None if expected is None else RATES[expected])


def scripted(losses):
    """Return a network, inputs whose model reports these losses, its rates and its weight."""
    script, rates = iter(losses), []
    variable = keras.Variable(3.0)

    def train_on_batch(batch, target, class_weight, return_dict):
        rates.append(float(model.optimizer.learning_rate))
        variable.assign_add(1.0)
        return {"loss": next(script)}

    model = SimpleNamespace(
        optimizer=keras.optimizers.SGD(),
        reset_metrics=lambda: None,
        train_on_batch=train_on_batch,
        trainable_variables=[variable],
        non_trainable_variables=[],
    )
    batches = tf.data.Dataset.from_tensors((0.0, 0.0))
    network = SimpleNamespace(blocks={"head": ()})
    return network, StageInputs(model, lambda _: batches, batches), rates, variable


def test_the_ramp_rises_in_sixty_equal_factors_from_a_millionth_to_one():
    network, used, rates, variable = scripted([1.0] * 30 + [0.1] * 30)
    found = find_rate(network, used)
    np.testing.assert_allclose(rates, np.geomspace(1e-6, 1.0, 60), rtol=1e-5)
    assert found == pytest.approx(rates[30], rel=1e-5)
    assert float(variable) == 3.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, 3.1])
def test_the_ramp_ends_where_the_loss_explodes(bad):
    network, used, rates, variable = scripted([1.0] * 10 + [0.9] * 10 + [bad, 0.0, 0.0])
    assert find_rate(network, used) == pytest.approx(rates[10], rel=1e-5)
    assert len(rates) == 21
    assert float(variable) == 3.0


def test_a_small_loss_may_jitter():
    network, used, rates, _ = scripted([0.05] * 10 + [0.001] * 20 + [0.25] * 20 + [0.31])
    assert find_rate(network, used) == pytest.approx(rates[10], rel=1e-5)
    assert len(rates) == 51  # three times a tenth is the least that counts


def test_a_loss_that_is_not_a_number_from_the_start_finds_no_rate():
    network, used, _, variable = scripted([math.nan])
    assert find_rate(network, used) is None
    assert float(variable) == 3.0


def test_ctrl_c_puts_the_weights_back():
    def losses():
        yield from [1.0] * 5
        raise KeyboardInterrupt

    network, used, _, variable = scripted(losses())
    with pytest.raises(KeyboardInterrupt):
        find_rate(network, used)
    assert float(variable) == 3.0


def test_weights_averages_and_dropout_states_are_put_back():
    recipe = Recipe(
        size=16,
        base=Base(weights="none", blocks=2, width=0.1, batch_norm=True),
        head=Head(dense=(6,), dropout=0.5, batch_norm=True),
        stage=(Stage(train=("head",)),),
    )
    network = build_network(recipe, 2, None, seed=0)
    prepare(network, network.model, ("head", "block2"), keras.optimizers.Adam(), 0.5)
    drawn = np.random.default_rng(0)
    labels = (np.arange(32) % 2).astype(np.float32)[:, None]
    pixels = (drawn.uniform(size=(32, 16, 16, 3)) * 100 + labels[..., None, None] * 100).astype(
        "f4"
    )
    batches = tf.data.Dataset.from_tensor_slices((pixels, labels)).batch(8)

    def everything():
        layers = [layer for block in network.blocks.values() for layer in block]
        states = [
            layer.seed_generator.state for layer in layers if hasattr(layer, "seed_generator")
        ]
        weights = [weight for layer in layers for weight in layer.weights]
        assert len(states) == 1
        assert len(weights) > 20
        return [keras.ops.convert_to_numpy(one).copy() for one in (*weights, *states)]

    before = everything()
    rate = find_rate(network, StageInputs(network.model, lambda _: batches, batches))
    assert 1e-6 < rate < 1.0
    # Of images that weigh nothing, no loss falls.
    used = StageInputs(network.model, lambda _: batches, batches)
    assert find_rate(network, used, {0: 0.0, 1: 0.0}) is None
    for one, other in zip(before, everything(), strict=True):
        np.testing.assert_array_equal(one, other)


FINDING = """
size = 16
precision = "fp32"
preprocess = "rescale"
batch_size = 4
base = { weights = "none", blocks = 2, width = 0.1 }
head = { dense = [5], dropout = 0.4, batch_norm = true }
views = "plain"
[[stage]]
train = ["head", "block2"]
epochs = 2
rate = "find"
"""


def test_a_recipe_may_ask_for_a_found_rate():
    recipe = from_toml(FINDING)
    assert recipe.stage[0].find_rate
    assert recipe.stage[0].rate == Stage(train=("head",)).rate
    assert from_toml(to_toml(recipe)) == recipe


def weights(run):
    """Return the weights of a run's model, as bytes by name."""
    found = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset):
            found[name] = item[()].tobytes()

    with zipfile.ZipFile(run.model_file) as model:
        h5py.File(io.BytesIO(model.read("model.weights.h5"))).visititems(keep)
    return found


def with_rate(recipe, rate):
    stage = recipe.stage[0].changed(rate=rate, find_rate=False)
    return recipe.changed(stage=(stage,))


def test_a_found_rate_trains_like_the_same_rate_written_down(tiny_folder, tmp_path):
    recipe, images, listener = from_toml(FINDING), load_images(tiny_folder), Heard()
    found = train(recipe, images, tmp_path / "found", listen=listener)
    rate = found.history[0].rates["head"]
    (line,) = [line for line in listener.lines if "rate" in line]
    assert line.startswith(f"stage 1: rate {rate:.2g} found in ")
    written = train(with_rate(recipe, rate), images, tmp_path / "written")
    assert weights(found) == weights(written)
    assert [epoch.loss for epoch in found.history] == [epoch.loss for epoch in written.history]
    other = train(with_rate(recipe, 2 * rate), images, tmp_path / "other")
    assert weights(found) != weights(other)


def test_where_no_rate_stands_out_the_rate_of_the_recipe_is_kept(
    tiny_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("vgg_transfer.training.stages.fit.find_rate", lambda *_: None)
    listener = Heard()
    run = train(from_toml(FINDING), load_images(tiny_folder), tmp_path / "run", listen=listener)
    assert "stage 1: no rate stands out, 0.001 is kept" in listener.lines
    assert run.history[0].rates["head"] == pytest.approx(0.001)
