"""Several trials at once, with an engine of threads that trains nothing."""

import threading

import pytest
from support import drawn
from support.heard import Heard

from vgg_transfer.comparison import compare
from vgg_transfer.errors import ClusterError
from vgg_transfer.events import Said, TrialBegan, TrialEnded
from vgg_transfer.trials.engines import ManyAtOnce
from vgg_transfer.trials.in_turn import at_once, in_turn
from vgg_transfer.tuning.tuner import tune


class Threads:
    """Two at once: each of the first two begins only when the other has begun, too."""

    at_once = 2

    def __init__(self, engine=None):
        self.engine = engine or drawn.Engine({"frozen": 12, "staged": 6})
        self.both = threading.Barrier(2)
        self.stopped = threading.Event()
        self.checked = []

    def __call__(self, trial, image_set, folder, listen):
        if trial.seed == 0:
            self.both.wait(10)
        listen(Said(f"{trial.name} trains"))
        return self.engine(trial, image_set, folder, listen)

    def check(self, folder, image_set):
        self.checked.append((folder, image_set.digest))

    def stop(self):
        self.stopped.set()


def two(engine, **options):
    recipes = [drawn.recipe_of(name) for name in ("frozen", "staged")]
    return compare(drawn.images_of(), recipes, engine=engine, **options)


def test_only_engines_that_can_train_several_at_once():
    engine = Threads()
    assert isinstance(engine, ManyAtOnce)
    assert (at_once(engine), at_once(drawn.Engine({}))) == (2, 1)


def test_the_table_is_the_same_and_each_trial_is_told_whole(tmp_path):
    engine, heard = Threads(), Heard()
    found = two(engine, out=tmp_path / "out", listen=heard)
    alone = two(drawn.Engine({"frozen": 12, "staged": 6}), out=tmp_path / "alone")
    assert found.to_dict() == alone.to_dict()
    assert engine.checked == [(tmp_path / "out", drawn.images_of().digest)]
    assert sorted(engine.engine.trained[:2]) == ["frozen-seed0", "staged-seed0"]
    names = [f"{name}-seed{seed}" for seed in range(3) for name in ("frozen", "staged")]
    assert heard.lines == [f"{name} trains" for name in names]
    order = [type(event) for event in heard.events]
    assert order == [TrialBegan, Said, TrialEnded] * 6
    assert list((tmp_path / "out").rglob(".*")) == []
    assert not engine.stopped.is_set()


def test_a_trial_that_fails_takes_no_other_down(tmp_path):
    failing = drawn.Engine({"frozen": 12, "staged": 6}, fails={"frozen-seed1": MemoryError("x")})
    found = two(Threads(failing), out=tmp_path / "out")
    assert [one.status for one in found.trials].count("failed") == 1
    assert found.notes == (
        "frozen with seed 1 failed: MemoryError: x; the same command tries again",
    )


def test_with_an_end_to_the_time_one_round_is_begun_after_another(tmp_path):
    engine = Threads()
    found = two(engine, out=tmp_path / "out", minutes=60)
    rounds = [name[-1] for name in engine.engine.trained]
    assert rounds == sorted(rounds)
    assert found.ending.why == "decided"


def test_ctrl_c_stops_what_runs_and_keeps_what_is_done(tmp_path):
    class Waiting(Threads):
        def __call__(self, trial, image_set, folder, listen):
            if trial.name == "staged-seed0":
                listen(Said("it waits"))
                assert self.stopped.wait(10)
                raise KeyboardInterrupt
            return self.engine(trial, image_set, folder, listen)

    class Press(Heard):
        def on(self, event):
            if event == Said("it waits"):
                raise KeyboardInterrupt

    engine, others = Waiting(), threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        two(engine, out=tmp_path / "out", listen=Press())
    assert "frozen-seed0" in [path.name for path in (tmp_path / "out" / "trials").iterdir()]
    assert threading.active_count() <= others
    done = len(engine.engine.trained)
    again = drawn.Engine({"frozen": 12, "staged": 6})
    assert len(two(again, out=tmp_path / "out").trials) == 6
    assert len(again.trained) == 6 - done


def test_what_is_done_with_a_result_may_fail():
    engine = Threads()
    started = threading.Event()

    def ends(listen):
        return started.wait(10)

    def waits(listen):
        started.set()
        assert engine.stopped.wait(10)

    found = in_turn([ends, waits], engine, Heard())
    assert next(found)
    found.close()
    assert engine.stopped.is_set()


def test_machines_that_share_nothing_are_refused_before_anything_is_trained(tmp_path):
    class Apart(Threads):
        def check(self, folder, image_set):
            raise ClusterError("node 1 does not share it")

    engine = Apart()
    with pytest.raises(ClusterError, match="node 1 does not share it"):
        two(engine, out=tmp_path / "out")
    recipe = drawn.recipe_of("frozen")
    with pytest.raises(ClusterError, match="node 1 does not share it"):
        tune(drawn.images_of(), recipe, out=tmp_path / "tuned", engine=engine)
    assert engine.engine.trained == []
