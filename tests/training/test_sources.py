"""Every source of images, from reading it to predictions, on a narrow base drawn at random."""

import csv
import io
import json
import pickle
import shutil

import numpy as np
import pytest
from PIL import Image

import vgg_transfer as vt
from vgg_transfer.cli import main
from vgg_transfer.deploy import evaluate, predict
from vgg_transfer.errors import ImageSetError
from vgg_transfer.recipe import to_toml
from vgg_transfer.training import train

pytestmark = pytest.mark.usefixtures("step_by_step")

COUNT = 24


def pixels_and_labels(size=16):
    """Return 24 pictures of noise, dark and bright by turns."""
    rng = np.random.default_rng(0)
    labels = np.arange(COUNT) % 2
    noise = rng.integers(0, 128, (COUNT, size, size, 3))
    return (noise + 127 * labels[:, None, None, None]).astype(np.uint8), labels


@pytest.fixture
def csv_file(tiny_folder, tmp_path):
    file = tmp_path / "pets.csv"
    with file.open("w", newline="") as opened:
        table = csv.writer(opened, delimiter=";")
        table.writerow(["kind", "file"])
        table.writerows((path.parent.name, path) for path in sorted(tiny_folder.glob("*/*.png")))
    return f"csv:{file}?label=kind"


@pytest.fixture
def archive(tiny_folder, tmp_path):
    return shutil.make_archive(
        str(tmp_path / "pets"), "gztar", tiny_folder.parent, tiny_folder.name
    )


@pytest.fixture
def cifar(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels, labels = pixels_and_labels(32)
    rows = pixels.transpose(0, 3, 1, 2).reshape(COUNT, -1)
    names = [*(f"data_batch_{n}" for n in range(1, 6)), "test_batch"]
    for name, part in zip(names, np.split(np.arange(COUNT), 6), strict=True):
        content = {b"data": rows[part], b"labels": labels[part].tolist()}
        (folder / name).write_bytes(pickle.dumps(content, protocol=2))
    meta = pickle.dumps({b"label_names": [b"night", b"day"]}, protocol=2)
    (folder / "batches.meta").write_bytes(meta)
    return f"cifar10:{folder}"


@pytest.fixture
def tfds(tmp_path):
    library = pytest.importorskip("tensorflow_datasets")

    class Hours(library.core.GeneratorBasedBuilder, skip_registration=True):
        """Pictures of night and day."""

        name = "hours"
        VERSION = library.core.Version("1.0.0")

        def _info(self):
            features = {
                "image": library.features.Image(),
                "label": library.features.ClassLabel(names=["night", "day"]),
            }
            return library.core.DatasetInfo(
                builder=self, features=library.features.FeaturesDict(features)
            )

        def _split_generators(self, dl_manager):
            return {"train": self._generate_examples()}

        def _generate_examples(self):
            for number, (pixels, label) in enumerate(zip(*pixels_and_labels(), strict=True)):
                file = io.BytesIO()
                Image.fromarray(pixels).save(file, "PNG")
                file.seek(0)
                yield number, {"image": file, "label": int(label)}

    library.disable_progress_bar()
    Hours(data_dir=tmp_path / "tfds").download_and_prepare()
    return f"tfds:hours?dir={tmp_path}/tfds"


@pytest.fixture
def arrays():
    return pixels_and_labels()


@pytest.fixture
def dataset():
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(pixels_and_labels()).batch(5)


@pytest.mark.parametrize(
    ("source", "class_names"),
    [
        ("csv_file", ("blue", "red")),
        ("archive", ("blue", "red")),
        ("cifar", ("night", "day")),
        ("tfds", ("night", "day")),
        ("arrays", ("0", "1")),
        ("dataset", ("0", "1")),
    ],
)
def test_a_source_trains_and_predicts(source, class_names, tiny_recipe, tmp_path, request):
    data = request.getfixturevalue(source)
    images = vt.load_images(data)
    assert (len(images.records), images.class_names) == (COUNT, class_names)
    run = train(tiny_recipe, images, tmp_path / "run")
    assert (run.status, run.judged_on, run.class_names) == ("complete", "test", class_names)
    assert run.image_set.digest == images.digest
    assert evaluate(run).metrics == run.metrics  # the images are found again
    (prediction,) = predict(run, [images.records[0].path])
    assert prediction.label in class_names
    judged = evaluate(run, data)
    given_test = 4 if source == "cifar" else COUNT
    assert judged.metrics.images == given_test


def test_the_command_line_takes_sources(csv_file, tiny_run, tiny_recipe, tmp_path, capsys):
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(to_toml(tiny_recipe))
    out = tmp_path / "run"
    with pytest.raises(SystemExit) as leaving:
        main(["train", csv_file, "--recipe", str(recipe), "--out", str(out), "--json"])
    assert leaving.value.code == 0, capsys.readouterr().err
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["evaluate", str(tiny_run.folder), csv_file, "--json"])
    evaluation = json.loads(capsys.readouterr().out)
    assert evaluation["metrics"]["images"] == COUNT
    assert evaluation["source"].startswith('table "')


def test_classes_that_the_run_does_not_know_are_named(tiny_run, arrays, cifar, tmp_path):
    with pytest.raises(ImageSetError) as error:
        evaluate(tiny_run, arrays)
    assert str(error.value).startswith(
        '"arrays of 24 images" has classes that the run does not know: "0", "1". The run knows '
        '"blue", "red".'
    )
    with pytest.raises(ImageSetError, match=r'does not know: "night", "day"'):
        evaluate(tiny_run, cifar)


def test_a_table_of_one_class_and_only_test_images_can_be_judged(tiny_run, tiny_folder, tmp_path):
    file = tmp_path / "held out.csv"
    lines = [f"{path},blue,test" for path in sorted((tiny_folder / "blue").iterdir())]
    file.write_text("\n".join(["path,label,split", *lines]))
    evaluation = evaluate(tiny_run, file)
    assert (evaluation.metrics.images, evaluation.judged_on) == (12, "test")
