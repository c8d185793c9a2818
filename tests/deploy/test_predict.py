"""Predictions of a real, tiny run: its test images get the probabilities that were measured."""

import dataclasses
import os

import keras
import numpy as np
import pytest
from PIL import Image
from support.heard import Heard

from vgg_transfer.deploy import predict
from vgg_transfer.errors import ImageSetError, RunError
from vgg_transfer.events import ImagesCounted


def test_held_out_images_get_the_probabilities_that_were_judged(tiny_run, tiny_folder):
    found = predict(tiny_run, [tiny_folder / one.path for one in tiny_run.judged])
    for prediction, judged in zip(found, tiny_run.judged, strict=True):
        assert prediction.label == judged.predicted
        for name, probability in zip(tiny_run.class_names, judged.probabilities, strict=True):
            assert prediction.probabilities[name] == pytest.approx(probability, abs=1e-6)


def test_the_likeliest_class_comes_first(tiny_run, tiny_folder):
    for prediction in predict(tiny_run, [tiny_folder]):
        values = list(prediction.probabilities.values())
        assert values == sorted(values, reverse=True)
        assert sum(values) == pytest.approx(1.0, abs=1e-5)
        assert prediction.label == next(iter(prediction.probabilities))


def test_folders_are_walked_by_name_and_files_come_once(tiny_run, tmp_path):
    picture = Image.new("RGB", (8, 8), "red")
    (tmp_path / "b" / "deep").mkdir(parents=True)
    names = ["a.png", "c.png", "b/1.png", "b/deep/2.png"]
    for name in names:
        picture.save(tmp_path / name)
    (tmp_path / ".hidden.png").write_bytes(b"")
    (tmp_path / "b" / "back").symlink_to(tmp_path)
    found = predict(tiny_run, [tmp_path, tmp_path / "c.png"])
    assert [prediction.path for prediction in found] == [tmp_path / name for name in names]


def test_an_unreadable_file_has_a_reason_in_its_place(tiny_run, tmp_path):
    Image.new("L", (5, 300)).save(tmp_path / "1.png")
    (tmp_path / "0.png").write_bytes(b"")
    heard = Heard()
    empty, grey = predict(tiny_run, [tmp_path], listen=heard)
    assert (empty.label, empty.error, dict(empty.probabilities)) == (None, "empty file", {})
    assert grey.label in tiny_run.class_names
    assert heard.events == [ImagesCounted(2, 2)]


def test_only_unreadable_files_need_no_model(tiny_run, tmp_path):
    (tmp_path / "0.png").write_bytes(b"")
    elsewhere = dataclasses.replace(tiny_run, folder=tmp_path)
    assert predict(elsewhere, [tmp_path / "0.png"])[0].error == "empty file"


def test_file_names_that_are_not_utf_8_are_accepted(tiny_run, tmp_path):
    name = os.fsdecode(b"caf\xe9.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "plain.png")
    (tmp_path / "plain.png").rename(tmp_path / name)
    assert predict(tiny_run, [tmp_path])[0].path.name == name


def test_all_missing_paths_are_named(tiny_run, tiny_folder):
    wrong = [tiny_folder / "red" / "00.pgn", tiny_folder / "gone" / "x.png"]
    with pytest.raises(ImageSetError) as error:
        predict(tiny_run, wrong)
    first, second = str(error.value).splitlines()
    assert first == f'there is no file or folder "{wrong[0]}". Did you mean "00.png"?'
    assert second == f'there is no file or folder "{wrong[1]}".'


def test_an_empty_folder_is_an_error(tiny_run, tmp_path):
    with pytest.raises(ImageSetError, match=r"there are no files in .*: give image files"):
        predict(tiny_run, [tmp_path])


@pytest.fixture
def with_model(tiny_run, tmp_path):
    """Return the tiny run with another model: what a function makes of a copy of its own."""

    def changed(change):
        run = dataclasses.replace(tiny_run, folder=tmp_path)
        model = keras.saving.load_model(tiny_run.model_file)
        change(model).save(run.model_file)
        return run

    return changed


def refused(run, image):
    with pytest.raises(RunError) as caught:
        predict(run, [image])
    return str(caught.value)


def test_a_missing_or_damaged_model_is_named(tiny_run, tiny_folder, tmp_path):
    run = dataclasses.replace(tiny_run, folder=tmp_path)
    image = tiny_folder / "red" / "00.png"
    assert refused(run, image) == f'the run folder "{tmp_path}" has no model.keras: train again'
    content = tiny_run.model_file.read_bytes()
    for damaged in (b"no model", content[: len(content) // 2], b""):
        run.model_file.write_bytes(damaged)
        assert refused(run, image) == (
            f'the model "{run.model_file}" is damaged: it is cut short, or something else than a '
            "Keras model. Put back a copy of this file, or train again"
        )


def test_a_model_of_other_classes_is_not_asked(with_model, tiny_folder):
    run = with_model(
        lambda model: keras.Model(model.input, keras.layers.Dense(3)(model.layers[-2].output))
    )
    assert (
        "it is another one, from [(None, None, None, 3)] to [(None, 3)]; this run has"
        in refused(run, tiny_folder / "red" / "00.png")
    )


def test_a_model_whose_weights_are_no_numbers(with_model, tiny_folder):
    def spoilt(model):
        model.set_weights([weight * np.nan for weight in model.get_weights()])
        return model

    message = refused(with_model(spoilt), tiny_folder / "red" / "00.png")
    assert "is damaged: what it answers is not a number" in message
