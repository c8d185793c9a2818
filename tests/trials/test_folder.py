"""What is left of a trial that was broken off, and when the next call goes on with it."""

from contextlib import suppress
from dataclasses import replace

import pytest
from support import drawn
from support.unfinished import leave_unfinished

from vgg_transfer import run as record
from vgg_transfer.errors import RunError
from vgg_transfer.sweeping import held
from vgg_transfer.trials import Trial, finished_run, scratch
from vgg_transfer.trials import folder as folders
from vgg_transfer.trials.folder import goes_on, seconds_before, with_progress

TRIAL = Trial(drawn.recipe_of("staged"), 1)
IMAGES = drawn.images_of()


class Killed(BaseException):
    """What a kill is to a test."""


def broken_off(folder, by, trial=TRIAL):
    """Begin a trial in a folder, keep a checkpoint, and end by an error."""
    with suppress(by), scratch(folder, trial, IMAGES) as place:
        leave_unfinished(trial, IMAGES, place)
        raise by


@pytest.mark.parametrize("by", [KeyboardInterrupt, Killed])
def test_what_was_broken_off_is_there_for_the_same_trial(tmp_path, by):
    broken_off(tmp_path, by)
    with scratch(tmp_path, TRIAL, IMAGES) as place:
        assert goes_on(place, TRIAL, IMAGES)
        assert seconds_before(place) == 185.0
        assert with_progress("trial 2 of 6", place) == "trial 2 of 6, goes on after 3 min 05 s"
        place.rename(tmp_path / "staged-seed1")
    assert [path.name for path in tmp_path.iterdir()] == ["staged-seed1"]


@pytest.mark.parametrize(
    ("trial", "images"),
    [
        (replace(TRIAL, seed=2), IMAGES),
        (replace(TRIAL, cache=False), IMAGES),
        (replace(TRIAL, recipe=drawn.recipe_of("staged", size=32)), IMAGES),
        (TRIAL, drawn.images_of(first=1)),
    ],
)
def test_another_trial_begins_at_its_beginning(tmp_path, trial, images):
    broken_off(tmp_path, Killed)
    with scratch(tmp_path, trial, images) as place:
        assert not place.exists()
        assert with_progress("the title", place) == "the title"
    assert list(tmp_path.iterdir()) == []


def test_a_description_makes_no_other_trial(tmp_path):
    broken_off(tmp_path, Killed)
    described = Trial(TRIAL.recipe.changed(description="in other words"), 1)
    with scratch(tmp_path, described, IMAGES) as place:
        assert place.exists()


def test_a_trial_that_failed_leaves_nothing(tmp_path):
    broken_off(tmp_path, MemoryError)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_reached_nothing_is_left(tmp_path):
    with suppress(KeyboardInterrupt), scratch(tmp_path, TRIAL, IMAGES) as place:
        place.mkdir()
        (place / "half").write_text("written")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_an_error_does_not_send_anybody_into_the_hidden_folder(tmp_path):
    error = RunError("the disk is full")
    with suppress(RunError), scratch(tmp_path, TRIAL, IMAGES) as place:
        leave_unfinished(TRIAL, IMAGES, place)
        error.add_note(f"go on: `vgg-transfer resume {place}`")
        raise error
    assert not getattr(error, "__notes__", ())


def test_a_damaged_record_begins_at_its_beginning(tmp_path):
    broken_off(tmp_path, Killed)
    (tmp_path / ".trial" / "run" / "recipe.toml").write_text("size = [[[")
    with scratch(tmp_path, TRIAL, IMAGES) as place:
        assert not place.exists()


def test_what_another_program_trains_right_now_is_not_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "_PATIENCE", 0.2)
    broken_off(tmp_path, Killed)
    place = tmp_path / ".trial" / "run"
    for trial in (TRIAL, replace(TRIAL, seed=2)):
        with (
            held(place),
            pytest.raises(RunError) as caught,
            scratch(tmp_path, trial, IMAGES),
        ):
            pass
        assert str(caught.value) == (
            f'in "{place}" another program is training right now: wait for its end'
        )
        assert record.has_checkpoint(place)


def test_what_is_not_at_its_end_is_not_taken_for_finished(tmp_path):
    place = tmp_path / "run"
    leave_unfinished(TRIAL, IMAGES, place)
    with pytest.raises(RunError) as caught:
        finished_run(place, TRIAL, IMAGES)
    assert str(caught.value) == (
        f'"{place}" holds another run: it has not come to its end. Choose another folder with '
        "--out, or move it away"
    )


def test_a_finished_run_does_not_go_on(tmp_path):
    drawn.write_run(TRIAL.recipe, 1, IMAGES, tmp_path / "run")
    assert not goes_on(tmp_path / "run", TRIAL, IMAGES)
    assert finished_run(tmp_path / "run", TRIAL, IMAGES).status == "complete"
