"""One stage at a time: which weights it leaves, and what it reports about its end."""

import math
import shutil

import keras
import numpy as np
import pytest
from support.heard import Heard
from support.keeping import keeps_nothing
from support.weights import equal

from vgg_transfer.errors import ImageSetError, TrainingError
from vgg_transfer.events import EpochEnded, PassBegan, StageBegan, Stepped, nobody
from vgg_transfer.images import load_images
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, Stopping
from vgg_transfer.recipe.stage import CosinePlan
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import Device
from vgg_transfer.training.planning.stage_plan import plan_stages
from vgg_transfer.training.stages.run_stage import run_stage

HEAD = Stage(train=("head",), epochs=3, rate=1e-2)
ALL = ("head", "block1", "block2")
# Adam at this rate throws the weights far away, and they stay numbers.
HARM = Stage(train=ALL, epochs=1, rate=10.0)
# The penalty makes every step multiply the output's kernel by 1 - 2 · 10 · 10: it soon overflows.
DIVERGES = Stage(train=("head",), epochs=9, optimizer="sgd", rate=10.0)
PENALTY = Head(l2=10.0)


def context_of(images, *stages, listen=nobody, cache=None, seed=0, **changes):
    settings = {
        "size": 16,
        "preprocess": "rescale",
        "batch_size": 8,
        "views": "fresh",
        "base": Base(weights="none", blocks=2, width=0.1),
    }
    recipe = Recipe(**settings | changes, stage=stages)
    network = build_network(recipe, len(images.class_names), None, seed)
    device = Device("a processor", "fp32", "the test asks for it", jit_compile=False)
    return Context(network, images, device, seed, listen, None, cache)


def run(context):
    """Run all stages as a training does; return what each hands on."""
    finished = []
    for plan in plan_stages(context):
        finished.append(
            run_stage(context, plan, finished[-1] if finished else None, keeps_nothing())
        )
        if finished[-1].stopped_by:
            break
    return finished


def weights(context):
    return [
        weight.numpy()
        for layers in context.network.blocks.values()
        for layer in layers
        for weight in layer.weights
    ]


def test_the_best_epoch_is_put_back_when_later_ones_are_worse(images):
    shaky = Stage(train=("head", "block2"), epochs=6, optimizer="sgd", rate=0.7)
    context = context_of(images, shaky)
    (finished,) = run(context)
    losses = [epoch.val_loss for epoch in finished.epochs]
    best = int(np.argmin(losses))
    assert best < len(losses) - 1, "the last epoch must not be the best one for this test"
    assert finished.outcome.best_epoch == best + 1
    assert finished.outcome.best == losses[best]
    # The same stage, ended where it was best, has the same weights.
    shorter = context_of(images, shaky.changed(epochs=best + 1))
    run(shorter)
    assert equal(weights(context), weights(shorter))


def test_by_accuracy_the_first_of_the_best_epochs_is_kept(images):
    stage = HEAD.changed(stopping=Stopping(monitor="val_accuracy", patience=9))
    (finished,) = run(context_of(images, stage))
    accuracies = [epoch.val_accuracy for epoch in finished.epochs]
    assert finished.outcome.monitor == "val_accuracy"
    assert finished.outcome.best == max(accuracies)
    assert finished.outcome.best_epoch == accuracies.index(max(accuracies)) + 1


def test_patience_counts_progress_of_less_than_min_delta_as_none(images):
    stage = Stage(train=("head",), epochs=9, stopping=Stopping(patience=3, min_delta=10.0))
    (finished,) = run(context_of(images, stage))
    assert finished.outcome.epochs == len(finished.epochs) == 4
    assert finished.outcome.ended == "val_loss did not improve for 3 epochs"


def test_two_harmful_stages_in_a_row_leave_what_the_first_one_reached(images):
    alone, harmed = context_of(images, HEAD), context_of(images, HEAD, HARM, HARM)
    (good,) = run(alone)
    outcomes = [finished.outcome for finished in run(harmed)]
    assert [outcome.best_epoch for outcome in outcomes] == [3, 0, 0]
    assert {outcome.best for outcome in outcomes} == {good.outcome.best}
    assert equal(weights(alone), weights(harmed))


def test_stages_that_watch_different_numbers_are_not_compared(images):
    by_accuracy = HARM.changed(stopping=Stopping(monitor="val_accuracy"))
    outcomes = [finished.outcome for finished in run(context_of(images, HEAD, by_accuracy))]
    assert [outcome.monitor for outcome in outcomes] == ["val_loss", "val_accuracy"]
    assert outcomes[1].best_epoch == 1


def test_a_loss_that_runs_away_leaves_the_stage_before_it(images):
    good, context = (
        context_of(images, HEAD, head=PENALTY),
        context_of(images, HEAD, DIVERGES, head=PENALTY),
    )
    run(good)
    finished = run(context)[-1]
    assert isinstance(finished.stopped_by, TrainingError)
    assert finished.outcome.ended == str(finished.stopped_by)
    assert "in stage 2 (head), epoch " in finished.outcome.ended
    assert "Train with a smaller rate: --set stage.2.rate=1" in finished.outcome.ended
    assert equal(weights(good), weights(context))


def test_a_stage_that_never_had_a_validation_loss_does_not_claim_a_perfect_one(images):
    # Two steps: the loss of the second is still finite, that of the validation after it is not.
    once = DIVERGES.changed(epochs=1, batch_size=9)
    context = context_of(images, once, head=Head(l2=1e10))
    before = weights(context)
    (finished,) = run(context)
    assert not any(math.isfinite(epoch.val_loss) for epoch in finished.epochs)
    assert equal(before, weights(context))
    assert finished.outcome.best != 0.0


class Meddler(Heard):
    """Moves a bias of block1 after the first epoch, as no training should."""

    context = None

    def on(self, event):
        if not isinstance(event, EpochEnded):
            return
        layer = self.context.network.blocks["block1"][0]
        layer.bias.assign_add(np.full(layer.bias.shape, 1e-6, np.float32))


def test_a_frozen_tensor_that_moves_is_an_error(images):
    meddler = Meddler()
    context = context_of(images, Stage(train=("head", "block2"), epochs=1), listen=meddler)
    meddler.context = context
    with pytest.raises(TrainingError) as caught:
        run(context)
    assert str(caught.value) == (
        "stage 1 (head + block2) changed a tensor that is frozen in it; please report this: the "
        "result of this training cannot be trusted"
    )


class Impatient(Heard):
    """Presses Ctrl-C in the first batch while a store is filled for the stage of that number."""

    def __init__(self, stage):
        super().__init__()
        self.stage = stage

    def on(self, event):
        began = self.all((PassBegan, StageBegan))
        is_filling = bool(began) and isinstance(began[-1], PassBegan)
        if isinstance(event, Stepped) and is_filling and len(self.outcomes) + 1 == self.stage:
            raise KeyboardInterrupt


def test_ctrl_c_while_a_store_is_filled_keeps_the_stages_before(images, tmp_path):
    stored = HEAD.changed(views="plain")
    lively = {"augmentation": Augmentation(flip="horizontal")}
    alone = context_of(images, HEAD, **lively)
    context = context_of(
        images, HEAD, stored, listen=Impatient(2), cache=tmp_path / "cache", **lively
    )
    run(alone)
    first, second = run(context)
    assert first.stopped_by is None
    assert isinstance(second.stopped_by, KeyboardInterrupt)
    assert second.outcome.ended == "interrupted after 0 full epochs"
    assert second.epochs == ()
    assert equal(weights(alone), weights(context))


def test_an_image_that_vanishes_is_named_when_a_store_is_filled(tiny_folder, tmp_path):
    folder = tmp_path / "photos"
    shutil.copytree(tiny_folder, folder)
    images = load_images(folder)
    gone = images.split("val")[0].path
    gone.unlink()
    context = context_of(images, HEAD, views="plain", cache=tmp_path / "cache")
    with pytest.raises(ImageSetError) as caught:
        run(context)
    assert str(caught.value) == (
        f'the image "{gone}" is not what it was when the folder was scanned: no such file. Put it '
        "back and train again"
    )


def test_the_dropout_of_a_stage_replaces_that_of_the_recipe(images):
    """A head without dropout takes one for a stage, and one with dropout does without."""
    found = {}
    for of_recipe, of_stage in ((0.0, None), (0.0, 0.5), (0.5, None), (0.5, 0.0)):
        stage = HEAD.changed(dropout=of_stage)
        context = context_of(images, stage, head=Head(dropout=of_recipe))
        (finished,) = run(context)
        found[of_recipe, of_stage] = finished.epochs[0].loss
    assert found[0.0, None] == found[0.5, 0.0]
    assert found[0.0, 0.5] == found[0.5, None]
    assert found[0.0, None] != found[0.5, None]


def test_the_batch_size_of_a_stage_decides_its_steps(images):
    counts = [len(images.split(split)) for split in ("train", "val")]
    steps = Heard()
    small = HEAD.changed(epochs=2, batch_size=3)
    run(context_of(images, small, listen=steps))
    expected = 2 * sum(math.ceil(count / 3) for count in counts)
    assert [one.steps for one in steps.all(StageBegan)] == [expected]
    assert steps.steps == expected


def test_a_block_takes_its_share_of_the_rate(images):
    """One step of plain gradient descent: at half the rate a block moves half as far."""
    stage = Stage(train=ALL, epochs=1, rate=0.01, optimizer="sgd", momentum=0.0, keep="last")
    stage = stage.changed(batch_size=len(images.split("train")))
    moves = []
    for shares in (None, {"block2": 0.5}):
        context = context_of(images, stage.changed(rate_shares=shares))
        kernels = [context.network.blocks[block][0].kernel for block in ("block1", "block2")]
        before = [kernel.numpy() for kernel in kernels]
        (finished,) = run(context)
        moves.append([kernel.numpy() - was for kernel, was in zip(kernels, before, strict=True)])
    (block1, block2), (same, halved) = moves
    assert np.abs(block2).max() > 0
    np.testing.assert_allclose(same, block1, atol=1e-7)
    np.testing.assert_allclose(halved, block2 / 2, atol=1e-7)
    assert finished.epochs[0].rates["block2"] == pytest.approx(0.005)


def test_the_history_shows_the_planned_rate(images):
    stage = Stage(train=("head", "block2"), epochs=4, rate=0.8, plan=CosinePlan(), block_decay=0.5)
    stage = stage.changed(batch_size=len(images.split("train")))
    (finished,) = run(context_of(images, stage))
    # One step an epoch: the rate of its last step is the rate of its only one.
    rates = [0.4 * (1 + math.cos(math.pi * epoch / 4)) for epoch in range(4)]
    assert [epoch.rates["head"] for epoch in finished.epochs] == pytest.approx(rates)
    assert [epoch.rates["block2"] for epoch in finished.epochs] == pytest.approx(
        [rate / 2 for rate in rates]
    )


def test_the_state_of_the_optimizer_goes_from_stage_to_stage(images):
    steps = math.ceil(len(images.split("train")) / 8)
    opened = HEAD.changed(train=("head", "block2"), epochs=1)
    first, second = run(context_of(images, HEAD, opened))
    assert set(first.optimizer_state.steps.values()) == {3 * steps}
    assert {
        path: n for path, n in second.optimizer_state.steps.items() if path.startswith("head")
    } == {
        "head_output/kernel": 4 * steps,
        "head_output/bias": 4 * steps,
    }
    assert second.optimizer_state.steps["block2_conv1/kernel"] == steps


def val_loss(context):
    """Return the validation loss of the network as it is, without any penalty."""
    model = context.network.model
    found = []
    for record in context.validation:
        pixels = keras.utils.img_to_array(keras.utils.load_img(record.path))
        side = context.network.recipe.size
        resized = keras.layers.Resizing(side, side, antialias=True)(pixels[np.newaxis])
        logit = float(model(resized)[0, 0])
        found.append(math.log1p(math.exp(-logit if record.label else logit)))
    return float(np.mean(found))


def test_an_exact_stage_records_the_loss_of_the_network_it_leaves(images):
    context = context_of(images, Stage(train=("head",), optimizer="exact"))
    (finished,) = run(context)
    (epoch,) = finished.epochs
    assert (finished.outcome.epochs, finished.outcome.best_epoch) == (1, 1)
    assert finished.outcome.ended.startswith("solved: logistic regression, C = ")
    assert finished.outcome.best == epoch.val_loss == pytest.approx(val_loss(context), abs=1e-4)


@pytest.mark.parametrize(
    ("head", "compared"), [(Head(), True), (Head(label_smoothing=0.3), False), (PENALTY, False)]
)
def test_an_exact_solution_is_compared_only_with_losses_of_its_kind(images, head, compared):
    exact = Stage(train=("head",), optimizer="exact")
    finished = run(context_of(images, exact, HARM, head=head))
    assert (finished[1].outcome.best_epoch == 0) == compared


def test_a_cross_validated_head_is_never_compared_with_images_it_was_fitted_on(images):
    exact = Stage(train=("head",), optimizer="exact", strength="cross-validation")
    listener = Heard()
    context = context_of(images, exact, HARM.changed(keep="last"), listen=listener)
    first, second = run(context)
    assert first.outcome.monitor == "cross-validated log loss"
    assert first.outcome.best == first.epochs[0].val_loss
    assert first.outcome.ended.endswith(
        ", by cross-validation, fitted on training and validation images"
    )
    assert second.outcome.best_epoch == 1  # however much harm it did
    assert listener.lines[-1] == (
        "stage 1: its head has seen the validation images: later numbers on them flatter"
    )


def test_a_cross_validated_head_reports_the_loss_of_folds_held_out(images):
    exact = Stage(train=("head",), optimizer="exact", strength="cross-validation")
    listener = Heard()
    context = context_of(images, exact, listen=listener)
    (finished,) = run(context)
    (epoch,) = finished.epochs
    assert epoch.val_loss > 1.001 * val_loss(context)  # of the network, which has seen them
    assert not [line for line in listener.lines if "flatter" in line]
