"""Where going on is refused, a trial is trained anew; with engines that train nothing."""

import pytest
from support import drawn
from support.heard import Heard
from support.unfinished import leave_unfinished

from vgg_transfer import run as record
from vgg_transfer.errors import ResumeError, TrainingError
from vgg_transfer.sweeping import held
from vgg_transfer.trials import Trial, trained_or_failed

TRIAL, IMAGES = Trial(drawn.recipe_of("staged"), 1), drawn.images_of()


def refuses(trial, image_set, folder, listen):
    """Train, and go on with nothing."""
    if record.is_unfinished(folder):
        raise ResumeError("it cannot go on:\n  the package keras was 1 and is 2")
    return drawn.write_run(trial.recipe, trial.seed, image_set, folder)


@pytest.fixture
def place(tmp_path):
    leave_unfinished(TRIAL, IMAGES, tmp_path / "run")
    return tmp_path / "run"


def test_it_is_said_that_it_is_trained_anew(place):
    heard = Heard()
    assert trained_or_failed(refuses, TRIAL, IMAGES, place, heard).status == "complete"
    assert heard.lines == [
        "it is trained from its beginning, because it cannot go on: the package keras was 1 and "
        "is 2"
    ]
    assert not record.has_checkpoint(place)
    assert [path.name for path in place.parent.iterdir()] == ["run"]


def test_what_is_the_users_is_put_aside(place, tmp_path):
    heard, aside = Heard(), tmp_path / "aside"
    assert trained_or_failed(refuses, TRIAL, IMAGES, place, heard, aside).status == "complete"
    assert f'from its beginning. What was begun is now in "{aside}", because' in heard.lines[0]
    assert record.has_checkpoint(aside)


def test_what_another_program_trains_is_left_to_it(place):
    with held(place), pytest.raises(ResumeError, match="it cannot go on"):
        trained_or_failed(refuses, TRIAL, IMAGES, place, Heard())
    assert record.has_checkpoint(place)


def test_a_training_that_died_is_not_taken_for_one_that_diverged(place):
    def dies(trial, image_set, folder, listen):
        raise TrainingError("its process was ended by the system")

    with pytest.raises(TrainingError, match="ended by the system"):
        trained_or_failed(dies, TRIAL, IMAGES, place, Heard())
