"""Which source a text means."""

import shutil

import pytest
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images


def fault(data) -> str:
    with pytest.raises(ImageSetError) as error:
        load_images(data)
    return str(error.value)


def test_a_folder_goes_before_a_name(tiny_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("cifar10", "csv:pets"):
        shutil.copytree(tiny_folder, name)
        images = load_images(name)
        assert len(images.records) == 24
        assert seen(images)[0] == (
            f'A folder or file "{name}" is here: it is read, not what has that name.'
        )


def test_an_unknown_prefix(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = fault("tdfs:mnist")
    assert text.startswith(
        '"tdfs:mnist" is no source of images, and there is no folder of that name. Sources are a '
        "folder, an archive (.zip, .tar, .tar.gz, .tgz), csv:FILE, "
    )
    assert all(f" {name}" in text for name in ("tfds:NAME", "cifar10", "cifar100"))
    assert text.endswith('. Did you mean "tfds:"?')


def test_a_text_that_no_file_can_be_called():
    assert fault("tdfs:" + "x" * 300).startswith('"tdfs:xxx')


def test_options_behind_a_name():
    assert fault("csv:pets.csv?lable=kind") == (
        '"?lable=kind" is not understood at "lable". Write path=…&label=…&split=…&group=…, or '
        'some of these. Did you mean "label"?'
    )
    assert fault("csv:") == '"csv:" names nothing. Write csv:FILE.'


def test_a_path_that_is_not_there_is_taken_for_a_folder(tmp_path):
    assert 'Image folder "' in fault(str(tmp_path / "photos"))
