"""Trials on a real Ray cluster of two nodes on this machine, one of which is lost."""

import re
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from filelock import FileLock
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer import run as record
from vgg_transfer.comparison import compare
from vgg_transfer.errors import ClusterError, WeightsError
from vgg_transfer.events import EpochEnded, Stepped, TrialBegan, TrialEnded, nobody
from vgg_transfer.recipe import Head, Stage
from vgg_transfer.sweeping import place_for_temporary_files, temporary_folder
from vgg_transfer.training import train
from vgg_transfer.trials import Trial, in_this_process, on_ray
from vgg_transfer.tuning.tuner import tune


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One cluster at a time on this machine, whichever process runs these tests."""
    with FileLock(tmp_path_factory.getbasetemp().parent / "ray.lock"):
        yield


@pytest.fixture(scope="module")
def cluster(alone, tmp_path_factory):
    """Two nodes with a processor each; ``cluster.other`` is the one that may be lost."""
    if find_spec("ray") is None:
        pytest.skip("the extra `scale` is not installed")
    # Sockets lie in it, whose paths may have 107 characters.
    with (
        pytest.MonkeyPatch.context() as patch,
        temporary_folder(place_for_temporary_files()) as place,
    ):
        (place / "ray").mkdir()
        patch.setenv("RAY_TMPDIR", str(place))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # loopback alone
        # Ray reads this when it is imported, which another test may have done before.
        patch.setenv("RAY_AUTH_MODE", "disabled")
        import ray
        from ray.cluster_utils import Cluster

        settings = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}
        made = Cluster(True, False, settings)
        made.other = made.add_node(**settings)
        try:
            yield made
        finally:
            ray.shutdown()
            made.shutdown()


@pytest.fixture(scope="module")
def recipes(tiny_recipe):
    stage = Stage(train=("head", "block2"), epochs=100, rate=1e-2, stopping=None)
    first = tiny_recipe.changed(batch_size=4, stage=(stage,), head=Head(dense=(4,), dropout=0.3))
    return [first, first.changed(name="other", batch_size=8)]


class Acting(Heard):
    """Does something once, when an epoch is told and both trials have a checkpoint."""

    def __init__(self, place, act):
        super().__init__()
        self.runs = [place / name / "run" for name in (".tiny-seed0", ".other-seed0")]
        self.act = act

    def on(self, event):
        if (
            self.act
            and isinstance(event, EpochEnded)
            and all(map(record.has_checkpoint, self.runs))
        ):
            act, self.act = self.act, None
            act()


def press():
    raise KeyboardInterrupt


def test_a_search_on_two_nodes_finds_what_it_finds_here(cluster, tiny_recipe, images, tmp_path):
    asked = {"recipe": tiny_recipe, "minutes": 60, "trials": 2}
    with on_ray(cluster.address) as engine:
        assert engine.in_words == "Ray, 2 nodes: 2 trials at once, each with 1 processor"
        there = tune(images, **asked, out=tmp_path / "there", engine=engine)
    here = tune(images, **asked, out=tmp_path / "here", engine=in_this_process)
    found, known = (
        [(one.status, one.settings, one.log_loss, one.correct) for one in tuning.trials]
        for tuning in (there, here)
    )
    assert len(found) == 2
    assert found == known
    assert there.best.number == here.best.number
    assert there.run.judged == here.run.judged


def test_trials_are_stopped_and_lose_a_node_and_end_as_if_nothing_had_happened(
    cluster, recipes, images, tmp_path
):
    out = tmp_path / "out"
    with on_ray(cluster.address) as engine:
        assert engine.in_words == "Ray, 2 nodes: 2 trials at once, each with 1 processor"
        stopped = Acting(out / "trials", press)
        with pytest.raises(KeyboardInterrupt):
            compare(images, recipes, out, 1, engine, stopped)
        kept = sorted(path.name for path in (out / "trials").iterdir())
        assert kept == [".other-seed0", ".tiny-seed0"]

        heard = Acting(out / "trials", lambda: cluster.remove_node(cluster.other, False))
        found = compare(images, recipes, out, 1, engine, heard)
    assert [title.partition(" after ")[0] for title in heard.titles] == [
        "trial 1 of 2: tiny, seed 0, goes on",
        "trial 2 of 2: other, seed 0, goes on",
    ]
    lost = [line for line in heard.lines if line.startswith("the node was lost")]
    assert len(lost) == 1
    assert lost[0].endswith("the trial goes on from its last checkpoint")
    order = [type(event) for event in heard.events if isinstance(event, TrialBegan | TrialEnded)]
    assert order == [TrialBegan, TrialEnded] * 2  # though both ran at once
    assert sorted(path.name for path in (out / "trials").iterdir()) == ["other-seed0", "tiny-seed0"]

    never = compare(images, recipes, tmp_path / "never", 1, in_this_process)
    assert found.verdicts == never.verdicts
    assert found.pairs == never.pairs
    assert [one.by_seed for one in found.standings] == [one.by_seed for one in never.standings]
    for trial in never.trials:
        here, there = (record.read(folder / trial.folder) for folder in (out, tmp_path / "never"))
        assert here.judged == there.judged
        assert [one.loss for one in here.history] == [one.loss for one in there.history]
        assert equal(weights_of(here), weights_of(there))


def test_what_the_nodes_do_not_share_is_said_before_anything_is_trained(
    cluster, recipes, images, tmp_path
):
    lost = replace(images.records[0], path=tmp_path / "nowhere.png")
    partly = replace(images, records=(lost, *images.records[1:]))
    out = tmp_path / "out"
    with on_ray(cluster.address) as engine, pytest.raises(ClusterError) as caught:
        compare(partly, recipes, out, 1, engine)
    first, node, *_, last = str(caught.value).splitlines()
    assert first == "the nodes of the Ray cluster do not share what they need:"
    # Ray decides its address when it is imported, which another test may have done before.
    assert re.fullmatch(r"  node 1 \([\d.]+\): of 8 images it cannot read 1, such as (.*)", node)
    assert node.endswith(f'"{lost.path}"')
    assert last.startswith(f"OUT and the images of {images.source} must lie on a disk that every")
    assert list((out / "trials").iterdir()) == []
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []


class Losing(Heard):
    """Loses a node when the first batches of a pass have come."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def on(self, event):
        if self.act and isinstance(event, Stepped):
            act, self.act = self.act, None
            act()


def sums_by_name(store):
    """Return the checksum of each row, whatever their order."""
    return dict(np.fromfile(store / "index.bin", [("name", "S64"), ("crc", "<u4")]).tolist())


def test_a_pass_is_computed_by_two_nodes_and_loses_one(
    cluster, tiny_recipe, images, tmp_path, monkeypatch
):
    """That the same bytes are stored shows in the training that reads them."""
    recipe = tiny_recipe.changed(batch_size=1)
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "here"))
    here = train(recipe, images, tmp_path / "here-run")
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "there"))
    other = cluster.add_node(num_cpus=1, object_store_memory=80 * 2**20)
    losing = Losing(lambda: cluster.remove_node(other, False))
    with on_ray(cluster.address) as engine:
        there = train(
            recipe, images, tmp_path / "there-run", listen=losing, from_images=engine.compute_pass
        )
    assert losing.act is None
    assert [one.computed for one in there.filled] == [one.computed for one in here.filled]
    assert [one.store for one in there.filled] == [one.store for one in here.filled]
    for one in there.filled:
        here_rows, there_rows = (
            sums_by_name(tmp_path / place / one.store) for place in ("here", "there")
        )
        assert here_rows == there_rows
    assert there.judged == here.judged
    assert equal(weights_of(there), weights_of(here))


def test_an_error_of_a_training_is_raised_here(cluster, tiny_recipe, images, tmp_path):
    base = tiny_recipe.base.changed(weights=str(tmp_path / "absent.h5"))
    absent = tiny_recipe.changed(base=base)
    with on_ray(cluster.address) as engine, pytest.raises(WeightsError, match="absent"):
        engine(Trial(absent, 0), images, tmp_path / "run", nobody)
