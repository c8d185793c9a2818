"""``tune`` as a person types it: what is shown, what is refused, and how it goes on."""

import pytest
from support.answers import checked

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.cli import main
from vgg_transfer.cli.display.tuning import MovingLine
from vgg_transfer.events import EpochEnded

pytestmark = pytest.mark.usefixtures("step_by_step")


@pytest.fixture
def tuned(capsys, recipe_file, tiny_folder, tmp_path):
    """Run a search; return what it wrote on stdout and stderr."""

    def run(*arguments, code=0, recipe=recipe_file, out=tmp_path / "my search"):
        given = ["tune", tiny_folder, "--recipe", recipe, "--out", out, *arguments]
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in given])
        written = capsys.readouterr()
        assert leaving.value.code == code, written.err
        assert "Traceback" not in written.err
        return written

    return run


def test_a_search_shows_its_trials_and_the_honest_number(tuned, tmp_path):
    text = tuned("--trials", "2", "--minutes", "30", "--set", "stage.1.epochs=2").out
    out = tmp_path / "my search"
    assert "search    head.pooling: average, max, both" in text
    assert "trial 0 is the recipe as it is: at most 2 epochs on " in text
    first, second = text.partition("  trial   val loss        time  settings\n")[2].splitlines()[:2]
    assert first.startswith("      0  ")
    assert first.endswith("the recipe as it is")
    assert second.startswith("      1  ")
    assert "stage.1.rate=" in second
    assert "result    on the test images, which no trial saw: accuracy" in text
    assert " validation images choose the settings, so the choice is partly luck" in text
    assert f"--recipe '{out}/best.toml'" in text
    run = record.read(out / "best")
    assert run.judged_on == "test"
    assert recipes.read(out / "best.toml") == run.recipe


def test_the_same_command_continues_and_json_has_all_trials(tuned, tmp_path):
    first = checked("tune", tuned("--trials", "1", "--json").out)
    second = tuned("--trials", "1", "--json")
    answer = checked("tune", second.out)
    assert [trial["number"] for trial in first["trials"]] == [0]
    assert [trial["number"] for trial in answer["trials"]] == [0, 1]
    assert answer["looks"] in (1, 2)
    assert answer["metrics"] == record.read(answer["run"]).metrics.to_dict()
    assert f"continues the search in {tmp_path / 'my search'} after 1 trial" in second.err


def test_ctrl_c_keeps_the_study_and_says_how_to_go_on(tuned, tmp_path, monkeypatch):
    def interrupt(self, event):
        if isinstance(event, EpochEnded):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MovingLine, "__call__", interrupt)
        text = tuned("--trials", "2", code=130).out
    out = tmp_path / "my search"
    assert f"what was tried is in {out}, and the same command continues it" in text
    assert not (out / "best").exists()
    assert not (out / ".trial").exists()
    assert "      1  " in tuned("--trials", "1").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--minutes", "0"), "the search needs a time of more than 0 minutes, received 0"),
        (("--minutes", "-2"), "received -2"),
        (("--trials", "0"), "the search needs at least 1 trial, received 0"),
        (("--test", "0"), 'has no images in the split "test" to judge the chosen settings by'),
        (("--set", "head.pooling=mean"), "head.pooling"),
        (("--set", "stage.1.rat=1"), 'stage.1.rat: unknown key. Did you mean "rate"?'),
    ],
)
def test_what_is_refused(arguments, message, tuned, tmp_path):
    error = tuned(*arguments, code=1).err
    assert error.startswith("error: ")
    assert message in error
    assert not (tmp_path / "my search").exists()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("probe", 'there is nothing to search in the recipe "probe": its head is solved exactly'),
        ("stagged", 'no recipe is called "stagged". Did you mean "staged"?'),
    ],
)
def test_recipes_that_cannot_be_searched(recipe, message, tuned):
    assert message in tuned(recipe=recipe, code=1).err


def test_a_folder_of_something_else(tuned, tiny_run, tmp_path):
    assert "is not empty; nothing is overwritten" in tuned(out=tiny_run.folder, code=1).err


def test_a_search_of_something_else(tuned, tiny_folder):
    tuned("--trials", "1")
    error = tuned("--seed", "3", "--set", "head.dropout=0.25", code=1).err
    assert "seed 0, not 3" in error
    assert "another recipe: head.dropout (0.0, 0.25)" in error
    assert "other images, or other splits of them" in error  # the seed draws the splits as well
