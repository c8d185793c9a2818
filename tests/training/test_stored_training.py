"""Trainings on stored activations: the same weights as without them, whatever happens to the disk.

Weights are compared bit for bit, as the saved model holds them.
"""

import errno
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
from support.heard import Heard

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.activations import Store, listing, passes
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import EpochEnded, PassBegan, StageBegan, Stepped, TrainingPlanned
from vgg_transfer.network.base_weights import convolution_names
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage
from vgg_transfer.training import train
from vgg_transfer.words import size_in_words

# Trains in another process; its store fills one batch, and goes on when the file GO is there.
TRAIN_SLOWLY = """
import sys, time
from pathlib import Path
from types import SimpleNamespace
from vgg_transfer.images import load_images
from vgg_transfer.recipe import read
from vgg_transfer.training import train
from vgg_transfer.activations import passes
from vgg_transfer.words import size_in_words

recipe, folder, out, go = map(Path, sys.argv[1:])
stretch = passes.stretch

def slow(*arguments):
    model, batches = stretch(*arguments), []
    def predict(batch):
        while batches and not go.exists():
            time.sleep(0.05)
        batches.append(batch)
        return model.predict_on_batch(batch)
    return SimpleNamespace(predict_on_batch=predict)

passes.stretch = slow
train(read(recipe), load_images(folder), out)
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of this test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(folder))
    return folder


@pytest.fixture
def computed(monkeypatch):
    """Count the images that each frozen block computes for a store."""
    counts, stretch = Counter(), passes.stretch

    def counting(network, start, ends):
        model, names = stretch(network, start, ends), list(network.blocks)
        blocks = names[names.index(start or "block1") : names.index(ends[-1])]

        def predict(batch):
            counts.update(dict.fromkeys(blocks, len(batch)))
            return model.predict_on_batch(batch)

        return SimpleNamespace(predict_on_batch=predict)

    monkeypatch.setattr(passes, "stretch", counting)
    return counts


def counted(images):
    """Return how many images a training without views puts through its frozen blocks."""
    return len(images.split("train")) + len(images.split("val"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A weights file of a narrow VGG16, so that trainings with other seeds share their base."""
    path, drawn = tmp_path_factory.mktemp("weights") / "narrow.h5", np.random.default_rng(3)
    filters = dict(zip("12345", (6, 13, 26, 51, 51), strict=True))
    before = 3
    with h5py.File(path, "w") as file:
        for layer in convolution_names("vgg16"):
            after = filters[layer[5]]
            scale = (2 / (9 * before)) ** 0.5
            file[f"{layer}/kernel"] = drawn.normal(scale=scale, size=(3, 3, before, after))
            file[f"{layer}/bias"] = drawn.normal(scale=0.1, size=after)
            before = after
    return str(path)


@pytest.fixture(scope="module")
def staged(weights):
    """A moving cut: head; then block4; then block4 and block3."""
    return Recipe(
        size=32,
        precision="fp32",
        preprocess="rescale",
        batch_size=8,
        base=Base(weights=weights, blocks=4, width=0.1),
        head=Head(dropout=0.3),
        views="plain",
        stage=(
            Stage(train=("head",), epochs=2, rate=0.01),
            Stage(train=("head", "block4"), epochs=2, rate=0.003, batch_size=5),
            Stage(train=("head", "block4", "block3"), epochs=2, batch_size=7),
        ),
    )


@pytest.fixture(scope="module")
def small(weights):
    """A recipe that trains in a second: one block on a frozen one."""
    return Recipe(
        size=16,
        precision="fp32",
        preprocess="rescale",
        batch_size=4,
        base=Base(weights=weights, blocks=2, width=0.1),
        head=Head(dropout=0.3),
        views="plain",
        stage=(Stage(train=("head", "block2"), epochs=2, rate=0.01),),
    )


EXACT = {"stage": (Stage(train=("head",), optimizer="exact"),)}


def cache_of(recipe, images, place):
    """Return a cache with what a training of the recipe stores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGG_TRANSFER_CACHE", str(place / "cache"))
        train(recipe, images, place / "run")
    return place / "cache"


@pytest.fixture(scope="module")
def filled(small, images, tmp_path_factory):
    """A cache with the small recipe's store. Do not change it: copy it."""
    return cache_of(small, images, tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="module")
def filled_by_exact(small, images, tmp_path_factory):
    """A cache with what the exact head of the small recipe reads. Do not change it: copy it."""
    return cache_of(small.changed(**EXACT), images, tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="module")
def larger(small):
    """The small recipe on larger images: 32 x 32 numbers of six filters an image are stored."""
    return small.changed(size=64)


@pytest.fixture(scope="module")
def expected_larger(larger, images, tmp_path_factory):
    return outcome(train(larger, images, tmp_path_factory.mktemp("runs") / "run", cache=False))


@pytest.fixture(scope="module")
def expected(small, images, tmp_path_factory):
    """What the small recipe gives without a store."""
    return outcome(train(small, images, tmp_path_factory.mktemp("runs") / "run", cache=False))


def outcome(run):
    """Return the weights of a run, as bytes by name, and its history of validation losses."""
    weights = {}

    def keep(name, item):
        if isinstance(item, h5py.Dataset):
            weights[name] = item[()].tobytes()

    with zipfile.ZipFile(run.model_file) as model:
        h5py.File(io.BytesIO(model.read("model.weights.h5"))).visititems(keep)
    assert len(weights) > 5
    return weights, [epoch.val_loss for epoch in run.history]


def rows(cache):
    """Return the number of rows in each store, the fewest first."""
    return sorted(file.stat().st_size // 68 for file in cache.glob("*/index.bin"))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_store_changes_no_bit_and_computes_each_block_once(
    precision, staged, images, cache, computed, tmp_path
):
    # With bf16 up to block4: it is what the stores hold that differs.
    stages = staged.stage[: 3 if precision == "fp32" else 2]
    recipe = staged.changed(precision=precision, stage=stages)
    plain = outcome(train(recipe, images, tmp_path / "plain", cache=False))
    assert not cache.exists()
    assert len(set(plain[1])) == len(plain[1]) == 2 * len(stages)  # all epochs learn

    filling_it = Heard()
    assert outcome(train(recipe, images, tmp_path / "filling", listen=filling_it)) == plain
    # Stage 1 stores for the later cuts as well: one pass, one stored row a cut and image.
    assert computed == dict.fromkeys(("block1", "block2", "block3", "block4"), counted(images))
    assert rows(cache) == [counted(images)] * len(stages)
    frozen = [line for line in filling_it.passes if "frozen" in line]
    assert frozen == [
        f"{counted(images)} images go once through the frozen blocks below head (1 MB stored)"
    ]
    assert not any("store" in line for line in filling_it.lines)

    filled = Heard()
    computed.clear()
    assert outcome(train(recipe, images, tmp_path / "filled", listen=filled)) == plain
    assert computed == {}
    assert not any("frozen" in line for line in filled.passes)

    other = {"head": Head(dense=(4,), pooling="both"), "stage": recipe.stage[1:2]}
    train(recipe.changed(**other), images, tmp_path / "other", seed=5)
    assert computed == {}


@pytest.mark.usefixtures("cache")
def test_views_are_rendered_once_and_give_the_same_weights_again(
    staged, images, computed, tmp_path
):
    turned = Augmentation(flip="horizontal", rotation=20.0, brightness=0.2)
    recipe = staged.changed(views=2, augmentation=turned, stage=staged.stage[:2])
    run = train(recipe, images, tmp_path / "first")
    assert [one.views for one in record.read(run.folder).stages] == ["2 stored views"] * 2
    first = outcome(run)
    once = 2 * len(images.split("train")) + len(images.split("val"))
    assert computed == dict.fromkeys(("block1", "block2", "block3", "block4"), once)
    assert outcome(train(recipe, images, tmp_path / "again")) == first
    assert computed["block1"] == once


@pytest.mark.usefixtures("cache")
def test_added_images_are_the_only_ones_computed(small, images, expected, computed, tmp_path):
    fewer = replace(images, records=images.records[3:])
    train(small, fewer, tmp_path / "fewer", seed=4)
    assert computed == {"block1": counted(fewer)}
    assert outcome(train(small, images, tmp_path / "all")) == expected
    assert computed == {"block1": counted(images)}
    assert counted(fewer) < counted(images)


def test_mixed_activations_train(small, images, expected, filled, cache, computed, tmp_path):
    mixing = small.changed(augmentation=Augmentation(mixup=0.4))
    first = outcome(train(mixing, images, tmp_path / "mixed"))
    assert np.isfinite(first[1]).all()
    assert first[1][-1] < first[1][0]
    assert outcome(train(mixing, images, tmp_path / "again")) == first
    assert first != expected
    assert computed == {"block1": counted(images)}
    stored, unmixed = (next(place.glob("*/rows.bin")) for place in (cache, filled))
    assert stored.parent.name == unmixed.parent.name
    assert stored.read_bytes() == unmixed.read_bytes()


def test_the_exact_head_reads_what_other_trainings_have_stored(
    small, images, filled, cache, computed, tmp_path
):
    shutil.copytree(filled, cache)
    exact = small.changed(**EXACT)
    plain = outcome(train(exact, images, tmp_path / "plain", cache=False))
    assert outcome(train(exact, images, tmp_path / "stored")) == plain
    assert computed == {"block2": counted(images)}


def alter(file, place):
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(data)


def shorten(file, count):
    os.truncate(file, file.stat().st_size - count)


# What is done to a store of ``all`` rows, and what is said of it.
DAMAGES = {
    "half a row is gone": (
        lambda folder: shorten(folder / "rows.bin", 100),
        "a store was altered ({all} rows are listed, {less} are there); it is computed again",
    ),
    "a byte is another": (
        lambda folder: alter(folder / "rows.bin", 5000),
        "a store was altered (1 of {all} rows are not what was written); it is computed again",
    ),
    "a name is another": (
        lambda folder: alter(folder / "index.bin", 5 * 68),
        "a store was altered (1 of {all} rows are not what was written); it is computed again",
    ),
    "the description is damaged": (
        lambda folder: (folder / "about.json").write_text("{"),
        "a store was altered (about.json is not what was written); it is computed again",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_reported_and_everything_is_computed_again(
    damage, filled, small, images, expected, cache, computed, tmp_path
):
    shutil.copytree(filled, cache)
    harm, sentence = DAMAGES[damage]
    harm(next(cache.glob("*/about.json")).parent)
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    said = sentence.format(all=counted(images), less=counted(images) - 1)
    assert [line for line in listener.lines if "store" in line] == [said]
    assert computed == {"block1": counted(images)}
    assert rows(cache) == [counted(images)]


def test_rows_without_a_whole_entry_are_computed_again(
    filled, small, images, expected, cache, computed, tmp_path
):
    shutil.copytree(filled, cache)
    shorten(next(cache.glob("*/index.bin")), 70)  # one entry and two bytes of the one before
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert computed == {"block1": 2}
    assert listener.passes[0].startswith("2 images go once through the frozen blocks")
    assert rows(cache) == [counted(images)]


def no_store(listener):
    """Return what was said of training without a store; it must be one sentence."""
    (line,) = [line for line in listener.lines if "stor" in line]
    return line


def test_a_training_survives_a_disk_that_fills_up(
    small, images, expected, cache, computed, tmp_path, monkeypatch
):
    append, calls = Store.append, []

    def full(store, names, activations):
        calls.append(names)
        if len(calls) == 3:
            with (store.folder / "rows.bin").open("ab") as file:
                file.write(b"half a row")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        append(store, names, activations)

    monkeypatch.setattr(Store, "append", full)
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert no_store(listener) == (
        "trains without stored activations: a store could not be written "
        "([Errno 28] No space left on device)"
    )
    assert len(calls) == 3
    assert not listing(cache)[0].in_use

    computed.clear()  # with room again, it goes on where it had to stop
    assert outcome(train(small, images, tmp_path / "later")) == expected
    assert computed == {"block1": counted(images) - 8}
    assert rows(cache) == [counted(images)]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few kilobytes."""
    place = tmp_path / "small disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"mounting a small disk is not permitted here: {error}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("asked", [True, False])
def test_a_training_survives_a_small_disk(
    asked, larger, images, expected_larger, small_disk, tmp_path, monkeypatch
):
    """Room is asked for first; where others take it meanwhile, writing itself fails."""
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(small_disk / "cache"))
    if not asked:
        roomy = SimpleNamespace(free=10**12)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: roomy)
    listener = Heard()
    assert outcome(train(larger, images, tmp_path / "run", listen=listener)) == expected_larger
    said = no_store(listener)
    assert said.startswith("trains without stored activations: ")
    needed = f"{size_in_words(counted(images) * 32 * 32 * 6 * 4)} would be needed in"
    assert (needed if asked else "No space left on device") in said


def test_a_training_survives_a_cache_that_cannot_be_made(
    small, images, expected, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "file" / "cache"))
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert "a store could not be written ([Errno 20] Not a directory" in no_store(listener)


@pytest.mark.usefixtures("cache")
def test_a_limit_that_is_too_small_is_reported(small, images, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "0")
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert "stores may take 0 GB together (VGG_TRANSFER_CACHE_GB)" in no_store(listener)


@pytest.mark.usefixtures("cache")
def test_views_that_find_no_room_are_recorded_as_fresh(small, images, tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE_GB", "0")
    viewed = small.changed(views=2, augmentation=Augmentation(flip="horizontal"))
    run = train(viewed, images, tmp_path / "run")
    assert [one.views for one in run.stages] == ["fresh"]


@pytest.fixture
def other_training(small, tiny_folder, cache, tmp_path):
    """Start the same training in another process; return it when its first rows are stored."""
    recipe, go = tmp_path / "recipe.toml", tmp_path / "go"
    recipe.write_text(recipes.to_toml(small), encoding="utf-8")
    paths = map(str, (recipe, tiny_folder, tmp_path / "other run", go))
    with subprocess.Popen([sys.executable, "-c", TRAIN_SLOWLY, *paths]) as process:
        while not sum(rows(cache)):
            assert process.poll() is None
            time.sleep(0.02)
        yield process
        process.kill()


def test_a_killed_training_leaves_what_it_stored(
    other_training, small, images, expected, cache, computed, tmp_path
):
    other_training.send_signal(signal.SIGKILL)
    other_training.wait()
    assert rows(cache) == [small.batch_size]
    assert list(cache.glob("*/use-*.lock"))
    listener = Heard()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert computed == {"block1": counted(images) - small.batch_size}
    assert rows(cache) == [counted(images)]
    assert not any("store" in line for line in listener.lines)


def test_two_trainings_at_once_compute_once(
    other_training, small, images, expected, cache, computed, tmp_path
):
    class GoOn(Heard):
        def on(self, event):
            if self.lines and self.lines[-1] == "waits for another training to fill the store":
                (tmp_path / "go").touch()

    listener = GoOn()
    assert outcome(train(small, images, tmp_path / "run", listen=listener)) == expected
    assert listener.lines.count("waits for another training to fill the store") == 1
    assert computed == {}
    assert rows(cache) == [counted(images)]
    assert other_training.wait(60) == 0
    assert outcome(record.read(tmp_path / "other run")) == expected


class Vandal(Heard):
    """Does harm whenever something happens for which ``when`` is true."""

    def __init__(self, harm, when):
        super().__init__()
        self.harm, self.when = harm, when

    def on(self, event):
        if self.when(self, event):
            self.harm()


def an_epoch_ends(_, event):
    return isinstance(event, EpochEnded)


def in_a_pass(words):
    """Return what is true at each batch of passes of these words, behind the batch."""

    def when(heard, event):
        began = heard.all((PassBegan, StageBegan))
        return isinstance(event, Stepped) and words in getattr(began[-1], "what", "a stage")

    return when


# What is done to all stores while a training reads them, and what is said of it.
HARMS = {
    "cut short": (
        lambda cache: [os.truncate(file, 0) for file in cache.glob("*/*.bin")],
        r"row \d+ is cut short",
    ),
    "emptied": (
        lambda cache: [shutil.rmtree(folder) for folder in cache.glob("*/")],
        r'".+rows\.bin": no such file or directory',
    ),
    "removed": (
        lambda cache: shutil.rmtree(cache, ignore_errors=True),
        r'".+rows\.bin": no such file or directory',
    ),
}


@pytest.mark.parametrize("stage", ["fitted", "exact"])
@pytest.mark.parametrize("harm", HARMS)
def test_stores_that_vanish_while_they_are_read_are_an_error_with_advice(
    harm, stage, small, images, filled_by_exact, cache, tmp_path
):
    does, said = HARMS[harm]
    recipe, when = small, an_epoch_ends
    if stage == "exact":  # filled before, so that the batches of the stage are what it reads
        shutil.copytree(filled_by_exact, cache)
        recipe, when = small.changed(**EXACT), in_a_pass("a stage")
    with pytest.raises(TrainingError) as error:
        train(recipe, images, tmp_path / "run", listen=Vandal(lambda: does(cache), when))
    assert re.fullmatch(
        rf"stored activations were altered while the training read them \({said}\)\. Train again: "
        "what is damaged is found and computed again; or leave them out with --no-cache",
        str(error.value),
    )


def test_a_cache_that_vanishes_while_it_is_filled_is_done_without(
    small, images, expected, cache, tmp_path
):
    vandal = Vandal(lambda: shutil.rmtree(cache), in_a_pass("frozen blocks"))
    assert outcome(train(small, images, tmp_path / "run", listen=vandal)) == expected
    assert "a store could not be written ([Errno 2] No such file" in no_store(vandal)


def test_a_cache_that_vanished_before_a_stage_is_filled_again(
    filled, small, images, expected, cache, computed, tmp_path
):
    shutil.copytree(filled, cache)
    vandal = Vandal(
        lambda: shutil.rmtree(cache), lambda _, event: isinstance(event, TrainingPlanned)
    )
    assert outcome(train(small, images, tmp_path / "run", listen=vandal)) == expected
    assert computed == {"block1": counted(images)}


def test_images_are_judged_though_their_store_vanishes(small, images, cache, tmp_path):
    kept = replace(images, records=(*images.split("train"), *images.split("val")))
    few = small.changed(batch_size=2)
    vandal = Vandal(lambda: shutil.rmtree(cache, ignore_errors=True), in_a_pass("judges the model"))
    run = train(few, kept, tmp_path / "run", listen=vandal)
    plain = train(few, kept, tmp_path / "plain", cache=False)
    assert run.judged_on == "val"
    assert [one.predicted for one in run.judged] == [one.predicted for one in plain.judged]
    (said,) = [line for line in vandal.lines if "store was altered" in line]
    assert said.startswith('judges the images themselves: a store was altered ("')


# Trains in another process; its stores are cut short while every second read takes a second.
TRAIN_ON_SLOW_STORES = """
import itertools, os, sys, time
from pathlib import Path
from vgg_transfer.activations import Store
from vgg_transfer.events import EpochEnded, PassBegan, StageBegan, Stepped, TrainingPlanned
from vgg_transfer.images import load_images
from vgg_transfer.recipe import read
from vgg_transfer.training import train

recipe, folder, out, cache = map(Path, sys.argv[1:])
reading, reads, cut = Store.read, itertools.count(), []

def slow(store, places):
    if cut and next(reads) % 2:
        time.sleep(1)
    return reading(store, places)

def listen(event):
    if isinstance(event, EpochEnded):
        smallest = min(cache.glob("*/rows.bin"), key=lambda file: file.stat().st_size)
        cut.append(os.truncate(smallest, 0))

Store.read = slow
try:
    train(read(recipe), load_images(folder), out, listen=listen)
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_program_ends_though_other_threads_read_when_a_store_is_cut_short(
    small, tiny_folder, cache, tmp_path
):
    """Validation has a store of its own, of which two batches are read at once.

    What is still reading when Python ends never returns, and TensorFlow waited for it for ever.
    """
    viewed = small.changed(
        batch_size=1, views=2, augmentation=Augmentation(flip="horizontal"), stage_1={"epochs": 9}
    )
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(recipes.to_toml(viewed), encoding="utf-8")
    paths = map(str, (recipe, tiny_folder, tmp_path / "run", cache))
    found = subprocess.run(
        [sys.executable, "-c", TRAIN_ON_SLOW_STORES, *paths],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert found.returncode == 0
    assert found.stdout.startswith("TrainingError stored activations were altered while")
