"""Arrays and datasets of a Python program, and every way in which they are not what is wanted."""

import numpy as np
import pytest

import vgg_transfer as vt
from vgg_transfer.errors import ImageSetError
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import decode
from vgg_transfer.images.sources import arrays

COUNT = 30
PIXELS = np.random.default_rng(0).integers(0, 256, (COUNT, 5, 7, 3), dtype=np.uint8)
LABELS = np.arange(COUNT) % 3


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(tmp_path))


def fault(images, labels, class_names=None, test=None) -> str:
    with pytest.raises(ImageSetError) as error:
        vt.from_arrays(images, labels, class_names, test)
    return str(error.value).removeprefix("The arrays cannot be used: ")


def test_pixels_are_kept_to_the_bit_in_their_order():
    images = vt.from_arrays(PIXELS, LABELS, ["c", "b", "a"])
    assert images.class_names == ("c", "b", "a")
    assert images.source == "arrays of 30 images"
    assert [record.label for record in images.records] == LABELS.tolist()
    assert all(
        np.array_equal(decode(record.path), image)
        for record, image in zip(images.records, PIXELS, strict=True)
    )
    assert {record.split for record in images.records} == {"train", "val", "test"}


@pytest.mark.parametrize("shape", [(COUNT, 5, 7), (COUNT, 5, 7, 1)])
def test_gray_pixels(shape):
    images = vt.from_arrays(PIXELS[..., 0].reshape(shape), LABELS)
    assert np.array_equal(decode(images.records[4].path)[..., 1], PIXELS[4, ..., 0])


def test_large_pictures_span_several_blocks():
    large = np.random.default_rng(1).integers(0, 256, (4, 200, 150, 3), dtype=np.uint8)
    images = vt.from_arrays(large, [0, 1, 0, 1])
    assert np.array_equal(decode(images.records[3].path), large[3])


@pytest.mark.parametrize(
    "labels",
    [
        LABELS,
        LABELS[:, np.newaxis].astype(np.uint8),
        np.eye(3)[LABELS],
        ["012"[label] for label in LABELS],
        np.array([b"0", b"1", b"2"])[LABELS],
    ],
)
def test_every_form_of_the_same_labels_gives_the_same_set(labels):
    assert vt.from_arrays(PIXELS, labels).digest == vt.from_arrays(PIXELS, LABELS).digest


def test_labels_without_names_are_ordered_by_size():
    assert vt.from_arrays(PIXELS, np.arange(COUNT) % 11).class_names == tuple(map(str, range(11)))


def test_given_test_images_stay_the_test_split():
    images = vt.from_arrays(PIXELS[:20], LABELS[:20], test=(PIXELS[20:], LABELS[20:]))
    assert [record.path for record in images.records[20:]] == [
        record.path for record in images.split("test")
    ]
    assert images.split("val")
    as_keras_gives_them = ((PIXELS[:20], LABELS[:20]), (PIXELS[20:], LABELS[20:]))
    assert load_images(as_keras_gives_them).digest == images.digest


def test_the_same_arrays_are_written_once(monkeypatch):
    first = vt.from_arrays(PIXELS, LABELS)
    monkeypatch.setattr(arrays, "png", None)  # would fail if it were called
    assert load_images((PIXELS, LABELS)) == first
    assert load_images(first) is first


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (PIXELS.astype(np.float32) / 255, "images are float32 from 0 to 1: pass (images * 255)"
         ".round().astype('uint8')"),
        (PIXELS / 127.5 - 1, "images are float64 from -1 to 1: pass ((images + 1) * 127.5)"
         ".round().astype('uint8')"),
        (PIXELS.astype(np.float16), "images are float16 from 0 to 255: pass images.round()"
         ".astype('uint8')"),
        (PIXELS.astype(int), "images are int64 from 0 to 255: pass images.astype('uint8')"),
        (PIXELS > 9, "images are bool: pass images.astype('uint8') * 255"),
        (PIXELS.transpose(0, 3, 1, 2), "images have the shape (30, 3, 5, 7), with 7 channels at "
         "the end: pass images.transpose(0, 2, 3, 1)"),
        (PIXELS[..., [0, 1, 2, 0]], "images have the shape (30, 5, 7, 4), with 4 channels: pass "
         "images[..., :3] to leave transparency out"),
        (PIXELS[:29], "there are 29 images and 30 labels."),
        (PIXELS.reshape(30, -1), "images have the shape (30, 105): give (images, height, width, "
         "3), or (images, height, width) for gray ones."),
    ],
)  # fmt: skip
def test_images_of_another_form_are_refused_with_the_line_to_write(images, message):
    assert fault(images, LABELS) == message


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        (LABELS, ["a", "b"], "labels go from 0 to 2, and class names from 0 to 1."),
        (LABELS / 2, None, "labels are whole numbers or texts, not float64."),
        (["cta", "dog"] * 15, ["cat", "dog"],
         'labels that are no class names: "cta". Did you mean "cat"?'),
        (np.ones((COUNT, 3)), None,
         "labels of shape (30, 3) are one-hot: one 1 in each row, else 0."),
        (np.eye(3)[LABELS], ["a", "b"], "one-hot labels have 3 columns, and there are 2 class "
         "names."),
        (LABELS, ["a", "a", "b"], 'class names "a" are there twice.'),
        (np.zeros(COUNT, int), None, "The arrays of 30 images cannot be used: there is one class "
         'only to train on, "0", and a classifier needs two.'),
    ],
)  # fmt: skip
def test_labels_that_do_not_fit(labels, names, message):
    assert fault(PIXELS, labels, names) == message


def test_all_faults_come_at_once_and_say_of_which_part():
    assert fault(PIXELS.astype(int), LABELS / 2, test=(PIXELS[:3], LABELS)) == (
        "3 faults.\n"
        "- train: images are int64 from 0 to 255: pass images.astype('uint8')\n"
        "- train: labels are whole numbers or texts, not float64.\n"
        "- test: there are 3 images and 30 labels."
    )


def test_a_class_that_only_the_test_images_have():
    text = fault(PIXELS, LABELS, test=(PIXELS[:4], [0, 1, 2, 7]))
    assert text.endswith('class "7" is in test but not in train.')


def test_what_is_no_source():
    with pytest.raises(ImageSetError, match=r"from a path, a text, .* not from int\."):
        load_images(3)


class TestDatasets:
    @pytest.fixture
    def tf(self):
        return pytest.importorskip("tensorflow")

    def test_batched_or_not_it_is_the_set_of_its_arrays(self, tf):
        data = tf.data.Dataset.from_tensor_slices((PIXELS, LABELS))
        expected = vt.from_arrays(PIXELS, LABELS)
        assert load_images(data).digest == expected.digest
        assert load_images(data.batch(7)).digest == expected.digest
        named = vt.from_dataset(data.batch(7), ["a", "b", "c"], test=data.take(4))
        assert named.class_names == ("a", "b", "c")
        assert (len(named.records), len(named.split("test"))) == (34, 4)

    def test_pictures_of_several_sizes(self, tf):
        def give():
            for number in range(12):
                yield np.full((4 + number, 6, 3), number, np.uint8), number % 2

        shapes = (tf.TensorSpec((None, None, 3), tf.uint8), tf.TensorSpec((), tf.int32))
        images = load_images(tf.data.Dataset.from_generator(give, output_signature=shapes))
        assert [record.height for record in images.records] == list(range(4, 16))

    def test_datasets_of_another_form(self, tf):
        data = tf.data.Dataset.from_tensor_slices((PIXELS, LABELS))

        def refused(dataset) -> str:
            with pytest.raises(ImageSetError) as error:
                load_images(dataset)
            return str(error.value)

        assert "Say how much of it is wanted: dataset.take(NUMBER)." in refused(data.repeat())
        assert "not pairs of (image, label)" in refused(tf.data.Dataset.range(3))
        scaled = data.map(lambda image, label: (tf.cast(image, tf.float32) / 255, label))
        assert "pass (images * 255).round().astype('uint8')" in refused(scaled)
