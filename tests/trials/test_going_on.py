"""Real trials that are broken off in the middle end as if they had never been stopped."""

import shutil

import pytest
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer import run as record
from vgg_transfer.comparison import compare
from vgg_transfer.events import EpochEnded, TrialBegan
from vgg_transfer.recipe import Augmentation, Head, Stage
from vgg_transfer.reproduction import Conditions, Published, published, repeat
from vgg_transfer.trials import in_a_clear_session, in_own_process, in_this_process
from vgg_transfer.tuning.tuner import tune

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """What a kill is to a test: nothing of ours is asked any more."""


class BrokenOff(Heard):
    """Raises behind an epoch of a trial, both counted from 1."""

    def __init__(self, trial=0, epoch=0, error=Killed):
        super().__init__()
        self.trial, self.epoch, self.error = trial, epoch, error

    def on(self, event):
        if isinstance(event, EpochEnded) and self.at == (self.trial, self.epoch):
            raise self.error

    @property
    def at(self):
        """The trial that began last, and how many epochs were done since."""
        begun = [n for n, event in enumerate(self.events) if isinstance(event, TrialBegan)]
        since = self.events[begun[-1] :] if begun else self.events
        return len(begun), sum(isinstance(event, EpochEnded) for event in since)


@pytest.fixture(scope="module")
def recipes(tiny_recipe):
    """The first is one short stage; the second has all that going on must restore."""
    head = Stage(train=("head",), epochs=4, stopping=None)
    stage = Stage(train=("head", "block2"), epochs=4, rate=1e-2, stopping=None)
    settings = {
        "batch_size": 4,
        "views": 2,
        "head": Head(dense=(4,), dropout=0.3),
        "augmentation": Augmentation(flip="horizontal", rotation=20.0),
        "stage": (head.changed(epochs=2), stage),
    }
    return [
        tiny_recipe.changed(name="first", views="plain", stage=(head,)),
        tiny_recipe.changed(name="second", **settings),
    ]


@pytest.fixture(scope="module")
def never(recipes, images, tmp_path_factory):
    """The comparison that was never broken off."""
    folder = tmp_path_factory.mktemp("never") / "out"
    return compare(images, recipes, folder, 1, in_this_process)


@pytest.fixture
def out(never, tmp_path):
    """The same comparison when its first trial has come to its end."""
    folder = shutil.copytree(never.folder, tmp_path / "out")
    shutil.rmtree(folder / "trials" / "second-seed0")
    return folder


def same(run, other):
    """Return whether two runs have the same weights, losses and answers, bit for bit."""
    losses, others = (
        [(e.stage, e.epoch, e.loss, e.val_loss, e.rates) for e in one.history]
        for one in (run, other)
    )
    return (
        equal(weights_of(run), weights_of(other))
        and losses == others
        and (run.metrics, run.judged) == (other.metrics, other.judged)
    )


def check_same(found, never):
    """Hold every run and verdict of a comparison against one that was never broken off."""
    for one, other in zip(found.trials, never.trials, strict=True):
        run = record.read(found.folder / one.folder)
        assert same(run, record.read(never.folder / other.folder))
        assert not record.has_checkpoint(run.folder)
    assert found.verdicts == never.verdicts
    hidden = [path.name for path in found.folder.rglob(".*")]
    assert hidden == []


@pytest.mark.parametrize(
    ("engine", "error"),
    [
        (in_this_process, Killed),
        (in_a_clear_session, KeyboardInterrupt),
        (in_own_process, KeyboardInterrupt),
    ],
)
def test_a_trial_goes_on_where_it_was_broken_off(engine, error, recipes, images, out, never):
    first, second = BrokenOff(1, 3, error), Heard()
    with pytest.raises(error):
        compare(images, recipes, out, 1, engine, first)
    assert [path.name for path in (out / "trials").iterdir() if path.name != ".trial"] == [
        "first-seed0"
    ]
    found = compare(images, recipes, out, 1, engine, second)
    (title,) = second.titles
    assert title.startswith("trial 2 of 2: second, seed 0, goes on after ")
    assert len(second.epochs) < 6
    check_same(found, never)


def test_it_may_be_broken_off_again_and_again(recipes, images, tmp_path, never):
    out = tmp_path / "out"
    for trial in (2, 1, 1):  # the first that is trained: when it goes on, the other one is done
        listen = BrokenOff(trial, 2, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            compare(images, recipes, out, 1, in_this_process, listen)
        assert {path.name for path in (out / "trials").iterdir()} == {".trial", "first-seed0"}
    check_same(compare(images, recipes, out, 1, in_this_process), never)


def test_where_going_on_is_refused_it_is_trained_anew(recipes, images, out, never, monkeypatch):
    heard = Heard()
    with pytest.raises(Killed):
        compare(images, recipes, out, 1, in_this_process, BrokenOff(1, 3))
    file = out / "trials" / ".trial" / "run" / "run.json"
    text = file.read_text(encoding="utf-8")
    keras = record.read(file.parent).environment.packages["keras"]
    file.write_text(text.replace(f'"keras": "{keras}"', '"keras": "0.1"'), encoding="utf-8")
    found = compare(images, recipes, out, 1, in_this_process, heard)
    (said,) = [line for line in heard.lines if line.startswith("it is trained from its beginning")]
    assert f"the package keras was 0.1 and is {keras}" in said
    check_same(found, never)


def test_a_search_goes_on_in_the_trial_and_in_the_final_training(recipes, images, tmp_path):
    def search(folder, trials, listen):
        return tune(images, recipes[0], 60, folder, trials=trials, listen=listen)

    never, out = search(tmp_path / "never", 3, Heard()), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        search(out, 3, BrokenOff(2, 3, KeyboardInterrupt))
    heard = BrokenOff(2, 3, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):  # in the final training
        search(out, 1, heard)
    first, final = heard.titles
    assert first.startswith("trial 2, goes on after ")
    assert final == "the final training"
    heard = Heard()
    found = search(out, 1, heard)
    assert heard.titles[-1].startswith("the final training, goes on after ") == (
        found.best.number in (0, 2)
    )
    assert [(one.settings, one.log_loss) for one in found.trials] == [
        (one.settings, one.log_loss) for one in never.trials
    ]
    assert same(found.run, never.run)
    assert found.looks == 1
    hidden = [path.name for path in out.rglob(".*")]
    assert hidden == []


def test_a_published_result_goes_on(recipes, images, tmp_path, monkeypatch):
    monkeypatch.setattr(Published, "recipe", property(lambda _: recipes[1]))
    result, folder = published("dlwp2-finetune"), tmp_path / "run"

    def tried(place, listen):
        return repeat(result, images, place, Conditions(), listen, in_this_process)

    never, heard = tried(tmp_path / "never", Heard()), Heard()
    with pytest.raises(Killed):
        tried(folder, BrokenOff(0, 3))
    stopped = tried(folder, BrokenOff(0, 1, KeyboardInterrupt))
    assert (
        stopped.agreement.reason == "the training was interrupted; the same again goes on with it"
    )
    found = tried(folder, heard)
    assert any(
        line.startswith(f"takes up the training that is there: {folder}, goes on after ")
        for line in heard.lines
    )
    assert same(found.run, never.run)
    assert found.agreement == never.agreement
    assert not record.has_checkpoint(folder)
