"""Averages of weights: by hand, and as the history and the saved model of a training show them."""

import math

import keras
import numpy as np
import pytest
from support.heard import CtrlC
from support.weights import equal, weights_of

from vgg_transfer.network import build_network, prepare
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, Stopping
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.training import train
from vgg_transfer.training.stages.averaged_weights import AveragedWeights
from vgg_transfer.training.stages.best_weights import BestWeights

pytestmark = pytest.mark.usefixtures("step_by_step")

BASE = Base(weights="none", blocks=2, width=0.1)
# Three steps an epoch, of training images that are few.
STAGE = Stage(train=("head", "block2"), epochs=2, rate=0.03)


def recipe_of(*stages, **changes):
    settings = {
        "size": 16,
        "precision": "fp32",
        "preprocess": "rescale",
        "batch_size": 8,
        "base": BASE,
        "views": "fresh",
    }
    return Recipe(**(settings | changes), stage=stages)


def driven(stage, epochs, batches=(), steps=2, **changes):
    """Fill the weights with a number at every step; return what each epoch keeps, by path."""
    recipe = recipe_of(stage, **changes)
    network = build_network(recipe, 2, None, seed=0)
    prepare(network, network.model, stage.train, "sgd", 0.0)
    kept = BestWeights(network, stage, best_before=None)
    average = AveragedWeights(network, stage, kept.variables, batches, steps)
    average.set_model(network.model)
    seen = []
    for epoch, numbers in enumerate(epochs):
        average.on_epoch_begin(epoch)
        for batch, number in enumerate(numbers):
            for variable in kept.variables:
                variable.assign(np.full(variable.shape, number, np.float32))
            average.on_train_batch_end(batch)
        average.on_test_begin()
        seen.append({variable.path: variable.numpy() for variable in kept.variables})
        average.on_epoch_end(epoch)
        for variable in kept.variables:
            np.testing.assert_array_equal(variable.numpy(), np.float32(numbers[-1]))
    return seen, network


def test_older_weights_fade_and_those_before_the_first_step_count_for_nothing():
    stage = Stage(train=("head",), keep="ema", average_epochs=1.5)
    epochs = [(4.0, 1.0), (7.0, -3.0), (2.0, 5.0)]
    seen, _ = driven(stage, epochs)
    for number, weights in enumerate(seen, start=1):
        steps = np.ravel(epochs[:number])
        counts = np.exp(-np.arange(len(steps))[::-1] / 3)  # 1.5 epochs are three steps
        for weight in weights.values():
            np.testing.assert_allclose(weight, np.average(steps, weights=counts), rtol=1e-6)


def test_all_steps_of_the_last_epochs_count_the_same():
    stage = Stage(train=("head",), keep="swa", average_epochs=2)
    seen, _ = driven(stage, [(1.0, 2.0), (3.0, 5.0), (7.0, 9.0)])
    for weights, expected in zip(seen, (1.5, (1.5 + 4.0) / 2, (4.0 + 8.0) / 2), strict=True):
        assert all((weight == expected).all() for weight in weights.values())


def test_left_out_it_is_one_epoch():
    for keep in ("ema", "swa"):
        epochs = [(1.0, 2.0), (3.0, 5.0)]
        found, _ = driven(Stage(train=("head",), keep=keep), epochs)
        expected, _ = driven(Stage(train=("head",), keep=keep, average_epochs=1), epochs)
        for one, other in zip(found, expected, strict=True):
            assert equal(one.values(), other.values())


@pytest.mark.parametrize(
    ("keep", "average"),
    # Of 1 and -1: the plain mean, and with -1 counting e^(1/2) times what 1 counts.
    [("swa", 0.0), ("ema", (1 - math.exp(0.5)) / (1 + math.exp(0.5)))],
)
def test_batch_norm_is_given_the_statistics_of_the_average(keep, average):
    pixels = np.random.default_rng(0).uniform(0, 255, (8, 16, 16, 3)).astype(np.float32)
    parts = pixels[:5], pixels[5:]
    (kept,), network = driven(
        Stage(train=("head", "block2"), keep=keep),
        [(1.0, -1.0)],
        [(part, None) for part in parts],
        base=BASE.changed(batch_norm=True),
    )
    # What the first norm of block2 receives, when all weights below it are the average.
    tensor = keras.ops.convert_to_tensor(pixels / 255)
    for layer in network.blocks["block1"]:
        tensor = layer(tensor)
    convolution, norm = network.blocks["block2"][:2]
    for variable in convolution.weights:
        variable.assign(np.full(variable.shape, average, np.float32))
    received = convolution(tensor).numpy()
    within = [part.var((0, 1, 2)) for part in (received[:5], received[5:])]
    mean, variance = kept[f"{norm.name}/moving_mean"], kept[f"{norm.name}/moving_variance"]
    np.testing.assert_allclose(mean, received.mean((0, 1, 2)), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        variance, np.average(within, axis=0, weights=[5, 3]), rtol=1e-3, atol=1e-6
    )
    assert norm.momentum == 0.9  # as the network was built


def val_losses(run, images, smoothing=0.0):
    """Return the losses of the saved model on the validation images."""
    records = images.split("val")
    second = images.class_names[1]
    for said, record in zip(run.predict([one.path for one in records]), records, strict=True):
        chance = said.probabilities[second]
        target = (1 - smoothing) * (images.class_names[record.label] == second) + smoothing / 2
        yield -target * math.log(chance) - (1 - target) * math.log(1 - chance)


NORMED = {"base": BASE.changed(batch_norm=True), "head": Head(dense=(4,), batch_norm=True)}


@pytest.mark.parametrize(
    ("keep", "changes"), [("ema", {}), ("swa", NORMED)], ids=["ema", "swa, batch norm"]
)
def test_the_last_epoch_shows_what_the_saved_model_does(keep, changes, images, tmp_path):
    recipe = recipe_of(STAGE.changed(keep=keep, average_epochs=2), **changes)
    runs = [train(recipe, images, tmp_path / f"{number}") for number in range(2)]
    (outcome,), last = runs[0].stages, runs[0].history[-1]
    assert (outcome.best_epoch, outcome.best) == (2, last.val_loss)
    assert np.mean([*val_losses(runs[0], images)]) == pytest.approx(last.val_loss, rel=1e-4)
    assert equal(weights_of(runs[0]), weights_of(runs[1]))


def test_the_steps_are_those_of_a_training_that_keeps_the_last_weights(images, tmp_path):
    """With one step an epoch, the average is that of trainings that ended after each epoch."""
    whole = STAGE.changed(batch_size=99, epochs=3)
    last = [
        train(recipe_of(whole.changed(epochs=n, keep="last")), images, tmp_path / f"{n}")
        for n in (1, 2, 3)
    ]
    mean = whole.changed(keep="swa", average_epochs=2)
    fading = whole.changed(keep="ema", average_epochs=1 / math.log(2))
    for stage, counts in ((mean, (0, 1, 1)), (fading, (1, 2, 4))):
        run = train(recipe_of(stage), images, tmp_path / stage.keep)
        assert [one.loss for one in run.history] == [one.loss for one in last[-1].history]
        for found, parts in zip(
            weights_of(run), zip(*map(weights_of, last), strict=True), strict=True
        ):
            expected = np.average(parts, axis=0, weights=counts)
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


# Two training steps and a validation step make an epoch: step 5 lies in the second, and step 6 is
# its validation, for which the average is in the network.
@pytest.mark.parametrize(("keep", "step"), [("ema", 5), ("swa", 6)])
def test_an_interrupted_stage_keeps_the_average_of_its_whole_epochs(keep, step, images, tmp_path):
    stage = STAGE.changed(keep=keep)
    one = train(recipe_of(stage.changed(epochs=1)), images, tmp_path / "one")
    run = train(recipe_of(stage), images, tmp_path / "run", listen=CtrlC(step))
    assert (run.status, run.stages[0].best_epoch) == ("interrupted", 1)
    assert run.stages[0].best == one.history[-1].val_loss
    assert equal(weights_of(run), weights_of(one))


def test_interrupted_before_its_first_epoch_ended_a_stage_keeps_what_it_began_with(
    images, tmp_path
):
    head = Stage(train=("head",), epochs=1)
    alone = train(recipe_of(head), images, tmp_path / "alone")
    # Four steps of the first stage, two of the second.
    both = recipe_of(head, STAGE.changed(keep="ema"))
    run = train(both, images, tmp_path / "run", listen=CtrlC(6))
    assert run.stages[1].best_epoch == 0
    assert equal(weights_of(run), weights_of(alone))


def test_patience_watches_the_average(images, tmp_path):
    # At this rate nothing moves, so no epoch after the first is better by that much.
    still = STAGE.changed(
        epochs=9,
        keep="swa",
        average_epochs=4,
        rate=1e-9,
        stopping=Stopping(patience=2, min_delta=0.1),
    )
    run = train(recipe_of(still), images, tmp_path / "run")
    (outcome,) = run.stages
    assert outcome.ended == "val_loss did not improve for 2 epochs"
    assert (outcome.epochs, outcome.best_epoch) == (3, 3)
    assert outcome.best == run.history[-1].val_loss


def test_it_goes_with_all_other_settings_on_stored_activations(images, tmp_path):
    stage = STAGE.changed(
        epochs=3,
        keep="swa",
        average_epochs=2,
        pull=0.1,
        block_decay=0.5,
        plan=CosinePlan(warm_up=1.0),
        augmentation=Augmentation(flip="horizontal", mixup=0.4),
        views=2,
    )
    recipe = recipe_of(stage, head=Head(label_smoothing=0.2, dense=(4,), batch_norm=True))
    runs = [train(recipe, images, tmp_path / f"{number}") for number in range(2)]
    last = runs[0].history[-1]
    assert [one.rows > 0 for one in runs[0].filled] == [True, True]
    assert np.mean([*val_losses(runs[0], images, 0.2)]) == pytest.approx(last.val_loss, rel=1e-3)
    assert runs[0].stages[0].best == last.val_loss
    assert last.rates["block2"] == last.rates["head"] / 2
    assert equal(weights_of(runs[0]), weights_of(runs[1]))
    free = train(recipe.changed(stage_1={"pull": 0.0}), images, tmp_path / "free")
    assert not equal(weights_of(runs[0]), weights_of(free))
