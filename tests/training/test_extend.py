"""More epochs for the last stage: on purpose, and no longer the recorded recipe."""

import pytest
from support.heard import Heard
from support.killed import Killed, KilledAt
from support.weights import equal, weights_of

from vgg_transfer.errors import RunError
from vgg_transfer.recipe import Stage
from vgg_transfer.run import read
from vgg_transfer.training import resume, train

pytestmark = pytest.mark.usefixtures("step_by_step")

SAID = (
    "2 epochs were added to stage 1 after the training had begun: this is no longer the recipe tiny"
)


@pytest.fixture(scope="module")
def finished(tiny_recipe, images, tmp_path_factory):
    """A finished training of two epochs. Do not change its folder."""
    (stage,) = tiny_recipe.stage
    recipe = tiny_recipe.changed(stage=(stage.changed(epochs=2),))
    return train(recipe, images, tmp_path_factory.mktemp("extend") / "run")


def contents(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_finished_run_stays_and_the_longer_one_lies_beside_it(finished):
    before, heard = contents(finished.folder), Heard()
    longer = resume(finished.folder, extend=2, listen=heard)
    assert contents(finished.folder) == before
    assert longer.folder == finished.folder.with_name("run-extended")
    assert read(longer.folder) == longer
    assert [one.epoch for one in longer.history] == [1, 2, 3, 4]
    assert longer.history[:2] == finished.history
    assert (longer.recipe.name, longer.recipe.stage[0].epochs) == ("tiny-extended", 4)
    (finding,) = [one for one in longer.findings if one.code == "extended"]
    assert (finding.severity, finding.where, finding.seen) == ("note", "stage 1", SAID)
    assert SAID in heard.lines
    assert not equal(weights_of(longer), weights_of(finished))
    again = resume(finished.folder, extend=2)
    assert again.folder == finished.folder.with_name("run-extended-2")
    assert equal(weights_of(again), weights_of(longer))


def test_the_folder_may_be_chosen_and_nothing_is_overwritten(finished, tmp_path):
    longer = resume(finished, extend=1, out=tmp_path / "there")
    assert longer.folder == tmp_path / "there"
    with pytest.raises(RunError, match="is not empty; nothing is overwritten"):
        resume(finished, extend=1, out=tmp_path / "there")


def test_an_unfinished_run_is_extended_in_its_own_folder(finished, images, tmp_path):
    """As far as the recipe goes it is the training that it was; then come more epochs."""
    with pytest.raises(Killed):
        train(finished.recipe, images, tmp_path / "run", listen=KilledAt(4), checkpoint_minutes=0)
    longer = resume(tmp_path / "run", extend=2)
    assert longer.folder == tmp_path / "run"
    assert (longer.recipe.stage[0].epochs, len(longer.history)) == (4, 4)
    assert [one.val_loss for one in longer.history[:2]] == [
        one.val_loss for one in finished.history
    ]
    assert [one.seen for one in longer.findings if one.code == "extended"] == [SAID]


def test_a_last_stage_that_is_solved_exactly_has_no_epochs(tiny_recipe, images, tmp_path):
    solved = tiny_recipe.changed(stage=(Stage(train=("head",), optimizer="exact"),))
    run = train(solved, images, tmp_path / "run")
    with pytest.raises(RunError) as refused:
        resume(run, extend=3)
    assert str(refused.value) == (
        f'the run "{run.folder}" ends with a stage that is solved exactly: it has no epochs to add'
    )
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_only_waits_to_be_judged_is_finished_first(finished, images, tmp_path, monkeypatch):
    def killed(*_):
        raise Killed

    monkeypatch.setattr("vgg_transfer.training.course.judge", killed)
    with pytest.raises(Killed):
        train(finished.recipe, images, tmp_path / "run")
    monkeypatch.undo()
    with pytest.raises(RunError, match="all epochs are done, and only judging is left: resume it"):
        resume(tmp_path / "run", extend=2)
    run = resume(tmp_path / "run")
    assert equal(weights_of(run), weights_of(finished))
