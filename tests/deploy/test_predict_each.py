"""Predictions of any number of pictures: one after another, in the memory of a few batches."""

import gc
import os
import subprocess
import sys
import weakref

import pytest
from support.heard import Heard

from vgg_transfer.deploy import predict, predict_each
from vgg_transfer.deploy.predict import answering
from vgg_transfer.errors import ImageSetError, RecipeError
from vgg_transfer.events import ImagesCounted, nobody
from vgg_transfer.images.pictures import Given


def all_of(run):
    return answering(run, None, nobody, False, None, False)


def test_it_says_what_predict_says(tiny_run, tiny_folder):
    heard = Heard()
    found = list(predict_each(tiny_run, tiny_folder, listen=heard))
    assert found == predict(tiny_run, tiny_folder)
    assert heard.events == [ImagesCounted(number + 1, None) for number in range(24)]
    some = [tiny_folder / "red" / "00.png", tiny_folder / "red" / "01.png"]
    heard = Heard()
    list(predict_each(tiny_run, some, listen=heard))
    assert heard.events == [ImagesCounted(1, 2), ImagesCounted(2, 2)]


def test_what_is_wrong_is_said_before_the_first_is_asked_for(tiny_run, tmp_path):
    with pytest.raises(ImageSetError, match="there is no file or folder"):
        predict_each(tiny_run, tmp_path / "no.png")
    with pytest.raises(RecipeError, match="above 0 and below 1; received 95"):
        predict_each(tiny_run, tmp_path, certain=95)


def test_few_pictures_are_held_however_many_there_are(tiny_run, tiny_folder):
    """Those of the batches that are read ahead: 4 of 32 and two that are decoded, of 1,000."""
    file, held, most = tiny_folder / "red" / "00.png", weakref.WeakSet(), 0

    class Watched(Given):
        __hash__ = object.__hash__
        __eq__ = object.__eq__

    def pictures():
        for _ in range(1000):
            picture = Watched(file)
            held.add(picture)
            yield picture

    gc.collect()
    count = 0
    for _ in all_of(tiny_run)(pictures()):
        count, most = count + 1, max(most, len(held))
    assert count == 1000
    assert most < 8 * tiny_run.recipe.batch_size


def test_unreadable_files_stand_in_their_places(tiny_run, tiny_folder, tmp_path):
    good, bad = Given(tiny_folder / "red" / "00.png"), Given(tmp_path / "gone.png")
    for order in ([bad, good, bad, bad], [good] * 40 + [bad] * 40, [bad] * 3):
        found = list(all_of(tiny_run)(iter(order)))
        assert [one.path for one in found] == [one.path for one in order]
        assert [one.error for one in found] == [
            "no such file" if one is bad else None for one in order
        ]


def test_what_ends_the_list_too_early_comes_behind_the_answers(tiny_run, tiny_folder):
    def pictures():
        yield Given(tiny_folder / "red" / "00.png")
        raise ImageSetError("the folder cannot be read")

    answers = all_of(tiny_run)(pictures())
    assert next(answers).label in tiny_run.class_names
    with pytest.raises(ImageSetError, match="the folder cannot be read"):
        next(answers)


def test_who_has_enough_may_stop(tiny_run, tiny_folder):
    def pictures():
        while True:
            yield Given(tiny_folder / "red" / "00.png")

    answers = all_of(tiny_run)(pictures())
    assert next(answers).label in tiny_run.class_names
    answers.close()
    assert list(answers) == []


@pytest.mark.slow
def test_a_program_that_had_enough_comes_to_its_end(tiny_run, tiny_folder):
    """TensorFlow reads ahead in threads, which must not be stopped in the middle."""
    program = (
        "import sys, vgg_transfer as vt\n"
        "answers = vt.predict_each(vt.read_run(sys.argv[1]), [sys.argv[2]])\n"
        "print(next(answers).label)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tiny_run.folder, tiny_folder],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.stdout.strip() in tiny_run.class_names
    assert "finalizing" not in done.stderr
