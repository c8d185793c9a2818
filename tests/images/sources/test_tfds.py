"""Datasets that TensorFlow Datasets itself has built, small ones, without a network."""

import io
import os
import zipfile
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.findings import seen

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode
from vgg_transfer.images.sources import tfds as source

tfds = pytest.importorskip("tensorflow_datasets")

COLOURS = ("red", "green", "blue")


def encoded(number: int, kind: str = "PNG") -> bytes:
    """Return a picture of its own, 8 x 6 pixels."""
    pixels = np.random.default_rng(number).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def some(count: int, start: int = 0):
    for number in range(start, start + count):
        yield number, {"image": io.BytesIO(encoded(number)), "label": COLOURS[number % 3]}


class Colours(tfds.core.GeneratorBasedBuilder, skip_registration=True):
    """All splits, one of them that nobody asks for. TFDS does not know it by name."""

    name = "colours"
    VERSION = tfds.core.Version("1.2.0")

    def _info(self):
        features = {
            "image": tfds.features.Image(),
            "label": tfds.features.ClassLabel(names=COLOURS),
            "taken_by": tfds.features.Scalar(np.int64),
        }
        return self.dataset_info_of(features)

    def dataset_info_of(self, features):
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {
            "train": self._generate_examples(12),
            "validation": self._generate_examples(6, 100),
            "test": self._generate_examples(6, 200),
            "extra": self._generate_examples(3, 300),
        }

    def _generate_examples(self, count, start=0):
        for number, example in some(count, start):
            yield number, example | {"taken_by": number}


class Digits(Colours, skip_registration=True):
    """A test split without labels; pixels, not encoded; labels that are texts."""

    name = "digits"

    def _info(self):
        pixels = tfds.features.Tensor(shape=(4, 5, 1), dtype=np.uint8)
        return self.dataset_info_of({"image": pixels, "label": tfds.features.Text()})

    def _split_generators(self, dl_manager):
        return {"full": self._generate_examples(30)}

    def _generate_examples(self, count, start=0):
        for number in range(start, start + count):
            yield number, {"image": np.full((4, 5, 1), number, np.uint8), "label": str(number % 11)}


class Unlabelled(Colours, skip_registration=True):
    """Its test images have no labels, as in a competition."""

    name = "unlabelled"

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(30), "test": self._generate_examples(3, 100)}

    def _generate_examples(self, count, start=0):
        for number, example in super()._generate_examples(count, start):
            yield number, example | ({"label": -1} if start else {})


class Texts(Colours, skip_registration=True):
    """No images."""

    name = "texts"

    def _info(self):
        return self.dataset_info_of(
            {"text": tfds.features.Text(), "label": tfds.features.ClassLabel(names=COLOURS)}
        )

    def _generate_examples(self, count, start=0):
        yield start, {"text": "a", "label": 0}


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(source, "is_reachable", lambda _: False)
    tfds.disable_progress_bar()


@pytest.fixture
def place(tmp_path) -> Path:
    return tmp_path / "tfds"


def build(kind, place: Path) -> Path:
    """Let TFDS prepare a dataset; return the folder of that very version."""
    builder = kind(data_dir=place)
    builder.download_and_prepare()
    return Path(builder.data_dir)


def fault(name: str, place: Path) -> str:
    with pytest.raises(ImageSetError) as error:
        load_images(f"tfds:{name}", tfds_dir=place)
    return str(error.value).replace(str(place), "PLACE")


def test_images_classes_and_splits_are_those_of_the_dataset(place):
    build(Colours, place)
    images = load_images("tfds:colours", tfds_dir=place)
    assert images.source == "dataset tfds:colours/1.2.0"
    assert images.class_names == COLOURS  # not by alphabet
    assert {split: len(images.split(split)) for split in ("train", "val", "test")} == {
        "train": 12, "val": 6, "test": 6,
    }  # fmt: skip
    assert seen(images) == ('Not read, because neither train, val nor test: "extra".',)
    expected = {sha256(encoded(number)).hexdigest(): number for number in range(12)}
    found = {record.digest: record.label for record in images.split("train")}
    assert found == {digest: number % 3 for digest, number in expected.items()}  # bytes unchanged


@pytest.mark.parametrize("name", ["colours?dir={place}", "colours:1.2.0?dir={place}"])
def test_the_folder_can_be_said_behind_the_name(place, name):
    inside = build(Colours, place)
    expected = load_images("tfds:colours", tfds_dir=place)
    assert load_images(f"tfds:{name.format(place=place)}") == expected
    assert load_images(f"tfds:colours?dir={inside}") == expected


def test_it_is_written_once(place, monkeypatch):
    build(Colours, place)
    expected = load_images("tfds:colours", tfds_dir=place)
    monkeypatch.setattr(source, "write_pictures", None)  # would fail if it were called
    assert load_images("tfds:colours", tfds_dir=place) == expected


def test_a_single_split_is_train_and_pixels_become_files(place):
    build(Digits, place)
    images = load_images("tfds:digits", tfds_dir=place)
    assert images.class_names == tuple(str(number) for number in range(11))
    assert images.split("val")
    assert images.split("test")
    for record in images.records:
        (value,) = np.unique(decode(record.path))
        assert record.label == value % 11


def test_images_without_a_label_are_left_out(place):
    build(Unlabelled, place)
    images = load_images("tfds:unlabelled", tfds_dir=place)
    assert len(images.records) == 30
    assert seen(images)[0] == "Left out, because they have no label: 3 images of test."


def test_a_dataset_without_images(place):
    build(Texts, place)
    assert fault("texts", place) == (
        'The dataset tfds:texts cannot be used: it has no features "image" and "label", only '
        '"label", "text".'
    )


def test_a_damaged_dataset(place):
    folder = build(Colours, place)
    for file in folder.glob("*train*"):
        os.truncate(file, 100)
    assert fault("colours", place).startswith(
        'The dataset tfds:colours in "PLACE/colours/1.2.0" cannot be read: '
    )
    (folder / "dataset_info.json").write_text("{")
    assert fault("colours", place).startswith(
        'The dataset tfds:colours in "PLACE" cannot be read: '
    )


def test_an_unknown_dataset(place):
    build(Colours, place)
    assert fault("cats_vs_dog", place) == (
        'TensorFlow Datasets knows no dataset "cats_vs_dog", and there is none of that name in '
        '"PLACE" (prepared there are "colours"). Did you mean "cats_vs_dogs"?'
    )
    assert fault("colurs", place).endswith('Did you mean "colours"?')


def test_without_network_the_folder_to_prepare_is_named(place):
    assert fault("cats_vs_dogs", place) == (
        'The dataset "cats_vs_dogs" is not prepared in "PLACE", and download.microsoft.com cannot '
        "be reached from here. Prepare it where there is a network:\n"
        '  python -c "import tensorflow_datasets as tfds; '
        "tfds.load('cats_vs_dogs', data_dir='tfds')\"\n"
        'and copy the folder "tfds/cats_vs_dogs" to "PLACE/cats_vs_dogs", or say where it is: '
        '--tfds-dir DIR. Or put kagglecatsanddogs_5340.zip into "PLACE/downloads/manual".'
    )
    assert not place.exists()


@pytest.fixture
def archive(place, monkeypatch) -> Path:
    """The archive of cats_vs_dogs, tiny, where a user puts it; one of its pictures is corrupt."""
    from tensorflow_datasets.core.download import checksums
    from tensorflow_datasets.image_classification import cats_vs_dogs

    file = place / "downloads" / "manual" / "kagglecatsanddogs_5340.zip"
    file.parent.mkdir(parents=True)
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("readme[1].txt", "a note")
        for number in range(10):
            for name in ("Cat", "Dog"):
                picture = encoded(number + 50 * (name == "Dog"), "JPEG")
                made.writestr(f"PetImages/{name}/{number}.jpg", picture)
        made.writestr("PetImages/Cat/666.jpg", b"\x00 no picture at all")
        made.writestr("PetImages/Dog/Thumbs.db", b"\x00")
    data = file.read_bytes()
    info = checksums.UrlInfo(len(data), sha256(data).hexdigest(), file.name)
    monkeypatch.setitem(cats_vs_dogs.CatsVsDogs.url_infos, cats_vs_dogs._URL, info)
    monkeypatch.setattr(cats_vs_dogs, "_NUM_CORRUPT_IMAGES", 1)
    return file


def test_the_real_cats_and_dogs_are_prepared_from_their_archive(place, archive):
    images = load_images("tfds:cats_vs_dogs", tfds_dir=place)
    assert images.source == "dataset tfds:cats_vs_dogs/4.0.1"
    assert images.class_names == ("cat", "dog")
    assert images.counts()["train"]["cat"] < 10  # it has no test split: one is drawn
    assert sum(record.label == 0 for record in images.records) == 10
    assert len(images.records) == 20
    assert {(record.width, record.height) for record in images.records} == {(8, 6)}
    assert (place / "cats_vs_dogs" / "4.0.1" / "dataset_info.json").is_file()
    archive.unlink()  # prepared now: it is not needed any more
    assert load_images("tfds:cats_vs_dogs", tfds_dir=place) == images


def test_an_archive_with_other_bytes_is_refused(place, archive):
    archive.write_bytes(archive.read_bytes() + b"more")
    assert fault("cats_vs_dogs", place).startswith(
        'TensorFlow Datasets cannot prepare "cats_vs_dogs" in "PLACE": '
    )
