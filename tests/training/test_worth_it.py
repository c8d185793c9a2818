"""The advisor on trainings whose answer is known; asking it changes nothing else."""

import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image
from support.heard import CtrlC, Heard
from support.keeping import keeps_nothing
from support.weights import equal, weights_of

from vgg_transfer import run as record
from vgg_transfer.evaluation.gain import Gain
from vgg_transfer.events import Stepped, nobody
from vgg_transfer.finding import Finding
from vgg_transfer.images import load_images
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.network import build_network
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage
from vgg_transfer.training import train
from vgg_transfer.training.context import Context
from vgg_transfer.training.devices import Device
from vgg_transfer.training.planning.stage_plan import plan_stages
from vgg_transfer.training.stages.run_stage import run_stage
from vgg_transfer.training.worth_it import (
    Decision,
    advice_on,
    decide,
    finding_of,
    part_of,
    second_opinion,
    without_answer,
)

COLOURS = {"blue": (60, 80, 200), "red": (200, 70, 60)}
COUNTS = {"train": 24, "val": 10, "test": 4}
SOLVED = Stage(train=("head",), optimizer="exact")
# At this rate the head learns nothing worth mentioning.
IDLE = Stage(train=("head",), epochs=1, rate=1e-9)
BLOCK2 = Stage(train=("head", "block2"), epochs=2, rate=0.02)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Two colours that every network can tell apart, with noise."""
    folder, drawn = tmp_path_factory.mktemp("data") / "colours", np.random.default_rng(5)
    for split, count in COUNTS.items():
        for name, colour in COLOURS.items():
            (folder / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(drawn.normal(colour, 30, (16, 16, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{number:02}.png")
    return load_images(folder)


def recipe_of(*stages, **changes):
    settings = {
        "size": 16,
        "precision": "fp32",
        "preprocess": "rescale",
        "batch_size": 4,
        "views": "plain",
        "until": "worth it",
        "base": Base(weights="none", blocks=2, width=0.1),
        "head": Head(dropout=0.2),
    }
    return Recipe(**settings | changes, stage=stages)


def context_of(images, recipe, listen=nobody, cache=None, blind=False):
    network = build_network(recipe, len(images.class_names), None, seed=0)
    if blind:
        # Whatever block2 receives, all of its outputs are 1; its gradients are as usual.
        last = network.blocks["block2"][-2]
        last.set_weights([np.zeros(last.kernel.shape), np.ones(last.bias.shape)])
    device = Device("a processor", "fp32", "the test asks for it", jit_compile=False)
    return Context(network, images, device, 0, listen, None, cache)


def asked(context):
    """Run the first stage, then ask about the second; return what comes back."""
    first, second = plan_stages(context)
    finished = run_stage(context, first, None, keeps_nothing())
    return finished, decide(context, second, finished)


def state(network):
    """Return all that a stage may change: variables, what is trainable, dropout rates."""
    layers = [layer for block in network.blocks.values() for layer in block]
    return (
        [variable.numpy().tolist() for layer in layers for variable in layer.variables],
        [layer.trainable for layer in layers],
        [layer.rate for layer in layers if isinstance(layer, keras.layers.Dropout)],
    )


def without_minutes(run):
    """Return the advice without its minutes, which differ from run to run."""
    return [
        replace(one, minutes=None, said=one.said.partition(" for ")[0] + one.said[-7:])
        for one in run.advice
    ]


def test_a_block_that_loses_what_its_input_shows_is_worth_opening(images):
    """Every output of block2 is 1, so any head is at chance; its input still shows the colours."""
    listener = Heard()
    context = context_of(images, recipe_of(IDLE, BLOCK2), listener, blind=True)
    before, decision = asked(context)
    assert before.epochs[-1].val_accuracy == 0.5
    assert decision.goes_on
    assert decision.before == before
    advice = decision.advice
    assert advice.expected > 30
    assert advice.minutes > 0
    assert advice.said.startswith("opening block2: expected +")
    assert advice.said.endswith("; goes on")
    assert listener.lines[-1] == advice.said
    assert listener.passes[-1] == "opening block2: a second opinion from 48 training images"
    assert listener.stages == [1]


def test_where_every_answer_is_right_already_no_block_is_worth_opening(images):
    context = context_of(images, recipe_of(SOLVED, BLOCK2))
    before, decision = asked(context)
    assert before.epochs[-1].val_accuracy == 1.0
    assert not decision.goes_on
    advice = decision.advice
    assert advice.expected <= 0
    assert advice.said.endswith("; stopped")
    assert decision.before.outcome.ended == f"{before.outcome.ended}; {advice.said}"
    assert decision.before.stopped_by is None


@pytest.mark.parametrize(
    ("stages", "until"),
    [
        ((SOLVED, BLOCK2), "end"),
        ((BLOCK2, SOLVED, BLOCK2.changed(train=("block1",))), "worth it"),
    ],
)
def test_no_second_opinion_is_taken_where_nothing_depends_on_it(images, stages, until):
    """Either the recipe runs to its end anyway, or the stage opens no lower block than before."""
    listener = Heard()
    context = context_of(images, recipe_of(*stages, until=until), listener)
    first, second = plan_stages(context)[:2]
    finished = run_stage(context, first, None, keeps_nothing())
    listener.events.clear()
    assert decide(context, second, finished) == Decision(True, finished)
    assert listener.passes == []


@pytest.mark.parametrize(("batch_norm", "size"), [(False, None), (True, 32)])
def test_a_second_opinion_leaves_the_network_as_it_was(images, batch_norm, size):
    base = Base(weights="none", blocks=2, width=0.1, batch_norm=batch_norm)
    second = BLOCK2.changed(dropout=0.7, size=size)
    context = context_of(images, recipe_of(IDLE, second, base=base))
    first, second = plan_stages(context)
    finished = run_stage(context, first, None, keeps_nothing())
    before = state(context.network)
    assert decide(context, second, finished).advice is not None
    assert state(context.network) == before


def test_a_second_opinion_that_fails_says_so_and_the_training_goes_on(images):
    context = context_of(images, recipe_of(IDLE, BLOCK2))
    first, second = plan_stages(context)
    finished = run_stage(context, first, None, keeps_nothing())
    bias = context.network.blocks["block1"][-2].bias
    bias.assign(np.full(bias.shape, np.inf))
    advice = without_answer(2, "opening block2", "an activation is not a finite number. And more")
    assert decide(context, second, finished) == Decision(True, finished, advice)
    assert advice.said == (
        "opening block2: the second opinion failed (an activation is not a finite number); goes on"
    )
    assert (advice.expected, advice.margin, advice.minutes) == (None, None, None)


def test_a_stage_opened_down_to_the_pixels_is_expected_to_see_the_colours(images):
    """block2 shows nothing, block1 reads pixels: the second opinion looks at the inputs of both."""
    whole = BLOCK2.changed(train=("block1", "block2", "head"))
    context = context_of(images, recipe_of(IDLE, whole), blind=True)
    _, decision = asked(context)
    assert decision.goes_on
    assert decision.advice.said.startswith("opening block2 + block1: expected +")


def test_stored_views_are_used_and_no_other_image_is_computed(images, tmp_path):
    listener = Heard()
    recipe = recipe_of(IDLE, BLOCK2, views=2, augmentation=Augmentation(flip="horizontal"))
    asked(context_of(images, recipe, listener, tmp_path / "cache"))
    passes = [what for what in listener.passes if "go once through" in what]
    assert [what.split()[0] for what in passes] == ["20", "96"]  # val; two views of train
    assert listener.passes[-1] == "opening block2: a second opinion from 48 training images"


def test_stores_that_vanish_in_a_second_opinion_do_not_end_the_training(images, tmp_path):
    cache = tmp_path / "cache"

    class Vandal(Heard):
        def on(self, event):
            if isinstance(event, Stepped) and "a second opinion" in "".join(self.passes[-1:]):
                shutil.rmtree(cache, ignore_errors=True)

    recipe = recipe_of(IDLE, BLOCK2, views=2, augmentation=Augmentation(flip="horizontal"))
    _, decision = asked(context_of(images, recipe, Vandal(), cache))
    assert decision.goes_on
    assert decision.advice.said.startswith('opening block2: the second opinion failed ("')
    assert decision.advice.said.endswith('rows.bin": no such file or directory); goes on')


@pytest.fixture(scope="module")
def alone(images, tmp_path_factory):
    """What the first stage gives by itself."""
    folder = tmp_path_factory.mktemp("alone") / "run"
    return train(recipe_of(IDLE, until="end"), images, folder, cache=False)


class Impatient(CtrlC):
    """Presses Ctrl-C at a batch of the second opinion."""

    def counts(self):
        return bool(self.passes) and "a second opinion" in self.passes[-1]


@pytest.mark.parametrize(
    "batch", [1, 14, 17]
)  # in the training images, in the validation images, at their end
def test_ctrl_c_in_a_second_opinion_keeps_the_stages_before(images, alone, tmp_path, batch):
    run = train(
        recipe_of(IDLE, BLOCK2), images, tmp_path / "run", listen=Impatient(batch), cache=False
    )
    assert (run.status, len(run.stages), run.advice) == ("interrupted", 1, ())
    assert (
        run.stages[0].ended
        == "all epochs done; interrupted in the second opinion for opening block2"
    )
    assert equal(weights_of(alone), weights_of(run))


def test_a_training_stopped_early_equals_one_without_the_later_stages(images, tmp_path):
    alone = train(recipe_of(SOLVED, until="end"), images, tmp_path / "alone")
    runs = [
        train(recipe_of(SOLVED, BLOCK2), images, tmp_path / f"cache {cache}", cache=cache)
        for cache in (True, False)
    ]
    for run in runs:
        assert (run.status, run.judged_on, len(run.stages)) == ("complete", "test", 1)
        assert equal(weights_of(alone), weights_of(run))
        assert run.stages[0].ended.endswith("; stopped")
        assert record.read(run.folder).advice == run.advice
    assert without_minutes(runs[0]) == without_minutes(runs[1])


def test_a_training_that_goes_on_equals_one_without_the_advisor(images, tmp_path):
    # A head at chance: what is drawn at random says nothing until it is trained.
    plain = train(recipe_of(IDLE, BLOCK2, until="end"), images, tmp_path / "plain")
    runs = [
        train(recipe_of(IDLE, BLOCK2), images, tmp_path / f"cache {cache}", cache=cache)
        for cache in (True, False)
    ]
    for run in runs:
        assert [one.goes_on for one in run.advice] == [True]
        assert equal(weights_of(plain), weights_of(run))
        assert [one.val_loss for one in run.history] == [one.val_loss for one in plain.history]
    assert without_minutes(runs[0]) == without_minutes(runs[1])
    assert plain.advice == ()


@pytest.mark.parametrize(
    ("gain", "seconds", "said"),
    [
        (Gain(0.12, 0.3), 660, "expected +0.1 ± 0.6 points for 11 min; stopped"),
        (Gain(0.12, 0.1), 660, "expected +0.1 ± 0.2 points for 11 min; goes on"),
        (Gain(1.5, 1.6), 40, "expected +1.5 ± 3.1 points for 40 s; stopped"),
        (Gain(1.6, 1.6), 5760, "expected +1.6 ± 3.1 points for 1.6 h; goes on"),
        (Gain(0.09, 0.01), 660, "expected +0.1 ± 0.0 points for 11 min; stopped"),
        (Gain(-0.04, 0.3), 660, "expected +0.0 ± 0.6 points for 11 min; stopped"),
        (Gain(-2.0, 0.3), 660, "expected -2.0 ± 0.6 points for 11 min; stopped"),
    ],
)
def test_a_gain_must_reach_a_tenth_of_a_point_and_its_own_error(gain, seconds, said):
    advice = advice_on(3, "opening block4", gain, seconds)
    assert advice.said == f"opening block4: {said}"
    assert advice.goes_on == said.endswith("goes on")
    assert (advice.stage, advice.expected, advice.minutes) == (3, gain.points, seconds / 60)
    assert advice.margin == pytest.approx(1.96 * gain.error)
    assert finding_of(advice) == Finding("worth-it", "note", "stage 3", advice.said)


def test_a_second_opinion_is_a_logistic_regression_of_the_best_strength():
    """One feature of 31 tells two classes apart, the others are noise; a third class is empty."""
    drawn, labels = np.random.default_rng(0), np.arange(100) % 2
    features = drawn.normal(size=(100, 31))
    features[:, 7] += 6 * labels
    told = second_opinion((features[:60], labels[:60]), features[60:], classes=3)
    assert np.exp(told).sum(axis=1) == pytest.approx(1)
    assert (told.argmax(axis=1) == labels[60:]).mean() > 0.9
    assert (np.exp(told[:, 2]) < 1e-8).all()


def test_too_few_images_to_choose_a_strength_get_the_middle_one():
    features, labels = np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 1])
    told = second_opinion((features, labels), features, classes=2)
    assert np.isfinite(told).all()


def many(*counts):
    """Return an image set with so many training images of each class, and two others to judge."""
    records = [
        ImageRecord(Path(f"{label}-{number}.png"), label, "train", f"{label}-{number}", 16, 16)
        for label, count in enumerate(counts)
        for number in range(count)
    ]
    others = [replace(records[0], split="val"), replace(records[-1], split="test")]
    names = tuple(f"class {label}" for label in range(len(counts)))
    return ImageSet("made up", names, (*records, *others))


def test_a_part_has_every_class_in_its_proportion_and_at_least_once():
    whole = many(600, 60, 1)
    part = part_of(whole, 66, seed=0)
    assert part.counts()["train"] == {"class 0": 60, "class 1": 6, "class 2": 1}
    assert part.split("val") == whole.split("val")
    assert set(part.records) <= set(whole.records)
    assert part == part_of(whole, 66, seed=0)
    assert part != part_of(whole, 66, seed=1)


def test_a_few_images_are_all_used_in_their_order():
    whole = many(6, 6)
    assert part_of(whole, 12, seed=0).split("train") == whole.split("train")
    assert part_of(whole, 1_000, seed=0).split("train") == whole.split("train")
