"""The callbacks, driven by hand as Keras's loop would drive them."""

import math
import sys
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer.errors import TrainingError
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Base, Head, Recipe, Stage, Stopping
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.training.stages.best_weights import BestWeights
from vgg_transfer.training.stages.callbacks import FreshRandomness, LossGuard, PlannedRate
from vgg_transfer.training.stages.recorder import Recorder, peak_memory_mb
from vgg_transfer.training.stages.result import monitor_of
from vgg_transfer.training.stages.waiting import InputClock

LOGS = {"loss": 0.5, "accuracy": 0.75, "val_loss": 0.6, "val_accuracy": 0.7}


@pytest.fixture(scope="module")
def network():
    recipe = Recipe(
        size=16,
        precision="fp32",
        base=Base(weights="none", blocks=2, width=0.1, batch_norm=True),
        head=Head(dense=(4, 4), dropout=0.5),
        stage=(Stage(train=("head",)),),
    )
    return build_network(recipe, 2, None, seed=0)


def driving(callback, rate=0.01):
    """Give a callback a model whose optimizer has that rate."""
    model = SimpleNamespace(optimizer=keras.optimizers.SGD(rate))
    callback.set_model(model)
    return model.optimizer


def snapshot(network, block):
    return [weight.numpy() for layer in network.blocks[block] for weight in layer.weights]


def fill(network, block, value):
    for layer in network.blocks[block]:
        for weight in layer.weights:
            weight.assign(np.full(weight.shape, value, np.float32))


def test_the_planned_rate_is_set_before_each_step():
    stage = Stage(train=("head",), epochs=2, rate=0.8, plan=CosinePlan())
    callback = PlannedRate(stage, steps_per_epoch=2)
    optimizer = driving(callback)
    seen = []
    for epoch in range(2):
        callback.on_epoch_begin(epoch)
        for batch in range(2):
            callback.on_train_batch_begin(batch)
            seen.append(float(optimizer.learning_rate))
    # A half cosine over four steps.
    assert seen == pytest.approx([0.4 * (1 + math.cos(math.pi * step / 4)) for step in range(4)])


def test_a_constant_rate_is_not_touched_after_the_first_step():
    callback = PlannedRate(Stage(train=("head",), rate=0.8), steps_per_epoch=2)
    optimizer = driving(callback)
    callback.on_epoch_begin(0)
    callback.on_train_batch_begin(0)
    assert float(optimizer.learning_rate) == pytest.approx(0.8)
    optimizer.learning_rate = 0.1  # as ReduceLROnPlateau would
    callback.on_train_batch_begin(1)
    assert float(optimizer.learning_rate) == pytest.approx(0.1)


def states(network, seed, stage_number, epoch):
    FreshRandomness(network, seed, stage_number).on_epoch_begin(epoch)
    return tuple(
        tuple(layer.seed_generator.state.numpy().tolist())
        for layer in network.blocks["head"]
        if isinstance(layer, keras.layers.Dropout)
    )


def test_dropout_depends_on_seed_stage_and_epoch_and_on_nothing_before(network):
    first = states(network, 0, 1, 0)
    assert len(first) == 2
    others = [states(network, *place) for place in ((1, 1, 0), (0, 2, 0), (0, 1, 1))]
    assert len({first, *others}) == 4
    assert len(set(first)) == 2  # the two layers do not drop the same units
    assert states(network, 0, 1, 0) == first


def test_dropout_really_follows_its_seed(network):
    dropout = next(x for x in network.blocks["head"] if isinstance(x, keras.layers.Dropout))
    ones = np.ones((1, 200), np.float32)

    def dropped(epoch):
        FreshRandomness(network, 0, 1).on_epoch_begin(epoch)
        return dropout(ones, training=True).numpy()

    first = dropped(0)
    assert 0.3 < (first == 0).mean() < 0.7
    assert not np.array_equal(first, dropped(1))
    np.testing.assert_array_equal(first, dropped(0))


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_not_a_number_ends_the_training_with_advice(loss):
    guard = LossGuard(Stage(train=("head", "block5"), rate=0.5), stage_number=2)
    driving(guard, rate=0.25)
    guard.on_epoch_begin(3)
    guard.on_train_batch_end(0, {"loss": 1e30})
    with pytest.raises(TrainingError) as caught:
        guard.on_train_batch_end(6, {"loss": loss})
    assert str(caught.value) == (
        f"the loss became {loss} in stage 2 (head + block5), epoch 4, step 7, at rate 0.25. The "
        "last good weights are kept. Train with a smaller rate: --set stage.2.rate=0.05"
    )


def test_the_best_weights_come_back_not_the_last(network):
    best = BestWeights(network, Stage(train=("head",)), best_before=None)
    for epoch, loss in enumerate([0.9, 0.4, 0.4, 0.7]):
        fill(network, "head", epoch + 1.0)
        best.on_epoch_end(epoch, LOGS | {"val_loss": loss})
    base_before = snapshot(network, "block1")
    best.put_back()
    assert (best.best_epoch, best.best_value, best.monitor) == (2, 0.4, "val_loss")
    assert all((value == 2.0).all() for value in snapshot(network, "head"))
    assert all(map(np.array_equal, base_before, snapshot(network, "block1")))


def test_the_last_weights_stay_where_they_are_wanted(network):
    kept = BestWeights(network, Stage(train=("head",), keep="last"), best_before=0.1)
    for epoch, loss in enumerate([0.9, 0.4, 0.7]):
        fill(network, "head", epoch + 1.0)
        kept.on_epoch_end(epoch, LOGS | {"val_loss": loss})
    fill(network, "head", 9.0)  # an epoch that was interrupted
    kept.put_back()
    assert (kept.best_epoch, kept.best_value) == (3, 0.7)
    assert all((value == 3.0).all() for value in snapshot(network, "head"))


def test_keeping_the_last_weights_keeps_the_last_good_ones(network):
    kept = BestWeights(network, Stage(train=("head",), keep="last"), best_before=None)
    for epoch, loss in enumerate([0.9, math.nan]):
        fill(network, "head", epoch + 1.0)
        kept.on_epoch_end(epoch, LOGS | {"val_loss": loss})
    kept.put_back()
    assert kept.best_epoch == 1
    assert all((value == 1.0).all() for value in snapshot(network, "head"))


def test_before_its_first_epoch_a_stage_that_keeps_the_last_has_what_it_began_with(network):
    fill(network, "head", 7.0)
    kept = BestWeights(network, Stage(train=("head",), keep="last"), best_before=0.3)
    fill(network, "head", 8.0)
    kept.put_back()
    assert (kept.best_epoch, kept.best_value) == (0, 0.3)
    assert all((value == 7.0).all() for value in snapshot(network, "head"))


def test_by_accuracy_more_is_better_and_the_first_of_equals_stays(network):
    stage = Stage(train=("head",), stopping=Stopping(monitor="val_accuracy"))
    best = BestWeights(network, stage, best_before=None)
    for epoch, accuracy in enumerate([0.5, 0.9, 0.9, 0.7]):
        best.on_epoch_end(epoch, LOGS | {"val_accuracy": accuracy})
    assert (best.best_epoch, best.best_value) == (2, 0.9)


@pytest.mark.parametrize(
    ("monitor", "before", "worse"), [("val_loss", 0.3, 0.31), ("val_accuracy", 0.8, 0.79)]
)
def test_what_a_stage_starts_with_counts_as_epoch_0(network, monitor, before, worse):
    stage = Stage(train=("head",), stopping=Stopping(monitor=monitor))
    fill(network, "head", 7.0)
    best = BestWeights(network, stage, best_before=before)
    fill(network, "head", 8.0)
    best.on_epoch_end(0, LOGS | {monitor: worse})
    best.put_back()
    assert (best.best_epoch, best.best_value) == (0, before)
    assert all((value == 7.0).all() for value in snapshot(network, "head"))


def test_nan_is_never_best(network):
    best = BestWeights(network, Stage(train=("head",)), best_before=None)
    best.on_epoch_end(0, LOGS | {"val_loss": math.nan})
    assert best.best_epoch == 0
    best.on_epoch_end(1, LOGS | {"val_loss": 9.0})
    assert best.best_epoch == 2


def test_statistics_of_batch_norm_belong_to_the_weights(network):
    best = BestWeights(network, Stage(train=("head", "block2")), best_before=None)
    before = snapshot(network, "block2")
    assert len(before) == 2 * 6  # kernel, bias, gamma, beta, mean, variance
    fill(network, "block2", 3.0)
    best.put_back()
    assert all(map(np.array_equal, before, snapshot(network, "block2")))


def test_an_epoch_is_recorded_and_reported():
    clock, listener = InputClock(), Heard()
    recorder = Recorder(2, 12, 3, {"head": 1.0, "block2": 0.25}, clock, listener)
    driving(recorder, rate=0.5)
    recorder.on_epoch_begin(4)
    clock.seconds += 1e9  # waited far longer than the epoch took
    for batch in range(3):
        recorder.on_train_batch_end(batch)
    recorder.on_test_batch_end(0)
    assert listener.steps == 4
    recorder.on_epoch_end(4, LOGS)
    (epoch,) = listener.epochs
    assert recorder.epochs == [epoch]
    assert (epoch.stage, epoch.epoch) == (2, 5)
    assert (epoch.loss, epoch.accuracy, epoch.val_loss, epoch.val_accuracy) == tuple(LOGS.values())
    assert epoch.rates == {"head": 0.5, "block2": 0.125}
    assert epoch.waiting_share == 1.0
    assert epoch.seconds > 0
    assert epoch.images_per_second > 12 / epoch.seconds * 0.99


def test_val_loss_is_monitored_unless_the_stage_says_otherwise():
    assert monitor_of(Stage(train=("head",))) == "val_loss"
    by_accuracy = Stopping(monitor="val_accuracy")
    assert monitor_of(Stage(train=("head",), stopping=by_accuracy)) == "val_accuracy"


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell")
def test_memory_is_counted_in_megabytes():
    assert 100 < peak_memory_mb() < 100_000  # TensorFlow alone takes some hundreds
