"""What predict and evaluate say of how sure a run is: calibrated, certain, unfamiliar."""

import dataclasses
import shutil

import numpy as np
import pytest
from PIL import Image

from vgg_transfer.deploy import evaluate, predict
from vgg_transfer.errors import RecipeError, RunError
from vgg_transfer.evaluation import Calibration
from vgg_transfer.recipe import Stage, override
from vgg_transfer.run import read
from vgg_transfer.run.values import as_arrays
from vgg_transfer.training import train

pytestmark = pytest.mark.usefixtures("step_by_step")

COLOURS = {"blue": (60, 80, 200), "red": (200, 70, 60)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Fifteen pictures a class for training, thirty for validation and ten for the test."""
    top = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    for split, count in (("train", 15), ("val", 30), ("test", 10)):
        for name, colour in COLOURS.items():
            place = top / split / name
            place.mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(rng.normal(colour, 60, (16, 16, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(place / f"{number}.png")
    return top


@pytest.fixture(scope="module")
def run(tiny_recipe, folder, tmp_path_factory):
    recipe = override(tiny_recipe, ["preprocess=rescale"])  # else it is sure of everything
    return train(recipe, folder, tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture
def older(run, tmp_path):
    """The run as it was recorded before anything was kept of validation images."""
    shutil.copytree(run.folder, tmp_path / "older")
    (tmp_path / "older" / "validation.csv").unlink()
    text = (tmp_path / "older" / "run.json").read_text().partition(',\n  "calibration"')[0]
    (tmp_path / "older" / "run.json").write_text(text + "\n}\n")
    return read(tmp_path / "older")


def test_a_training_keeps_what_its_model_says_of_validation_images(run, folder):
    assert (len(run.judged), run.judged_on, len(run.validated)) == (20, "test", 60)
    assert {one.split for one in run.validated} == {"val"}
    assert run.calibration.images == 60
    again = read(run.folder)
    assert (again.validated, again.calibration) == (run.validated, run.calibration)
    said = predict(run, [folder / one.path for one in run.validated])
    asked = [[one.probabilities[name] for name in run.class_names] for one in said]
    np.testing.assert_allclose(as_arrays(run.validated, run.class_names)[1], asked, atol=1e-5)


def test_nothing_is_said_that_was_not_asked_for(run, folder):
    plain = predict(run, folder / "test" / "red" / "0.png")[0]
    assert (plain.possible, plain.sure, plain.familiar) == (None, None, None)


def test_calibrated_probabilities_are_those_at_the_temperature(run, folder):
    file = folder / "test" / "red" / "0.png"
    run = dataclasses.replace(run, calibration=Calibration(2.0, 60))
    plain, calibrated = predict(run, file)[0], predict(run, file, calibrated=True)[0]
    assert calibrated.label == plain.label
    odds = [one.probabilities["red"] / one.probabilities["blue"] for one in (plain, calibrated)]
    assert odds[1] == pytest.approx(odds[0] ** 0.5, rel=1e-3)


def test_an_evaluation_tells_what_the_temperature_does(run):
    plain, calibrated = evaluate(run), evaluate(run, calibrated=True)
    assert plain.calibrated is None
    assert plain.metrics.accuracy == calibrated.metrics.accuracy
    told = calibrated.calibrated
    assert told.calibration == run.calibration
    assert told.before.log_loss == pytest.approx(plain.metrics.log_loss, abs=1e-5)
    assert told.after.log_loss == pytest.approx(calibrated.metrics.log_loss, abs=1e-5)
    first, second, third = told.sentences
    assert first.endswith("fitted on 60 validation images")
    assert second.startswith(f"expected calibration error {told.before.error:.3f} [")
    assert third.startswith(f"log loss {told.before.log_loss:.3f} [")


def test_sets_and_single_answers_follow_from_validation_images(run, folder):
    said = predict(run, folder / "test", certain=0.9)
    validated = as_arrays(run.validated, run.class_names)
    least = np.sort([row[label] for label, row in zip(*validated, strict=True)])
    # Of 61 places between 60 images, nine tenths are the 55th from above: the sixth from below.
    for one in said:
        likely = [name for name, share in one.probabilities.items() if share >= least[5]]
        assert one.possible == tuple(likely)
        assert one.sure in (True, False)
    # Sixty images are too few to promise so much: every class is possible, and nothing is sure.
    everything = predict(run, folder / "test" / "red", certain=0.99)
    assert all((set(one.possible), one.sure) == ({"blue", "red"}, False) for one in everything)


def test_a_picture_unlike_all_is_named(run, folder, tmp_path):
    stripes = np.zeros((16, 16, 3), np.uint8)
    stripes[::2] = (0, 255, 0)
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    *known, strange = predict(run, [folder / "test", tmp_path / "stripes.png"], unfamiliar=True)
    assert sum(one.familiar for one in known) >= 16
    assert strange.familiar is False


def test_what_was_computed_of_a_run_is_kept(run, folder, tmp_path):
    shutil.copytree(run.folder, tmp_path / "copy")
    copy = read(tmp_path / "copy")
    file = copy.folder / "features.npz"
    file.unlink(missing_ok=True)
    first = predict(copy, folder / "test", unfamiliar=True)
    written = file.stat().st_mtime_ns
    moved = dataclasses.replace(copy, image_set=dataclasses.replace(copy.image_set, root="/gone"))
    assert predict(moved, folder / "test", unfamiliar=True) == first
    assert file.stat().st_mtime_ns == written
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(RunError, match=r'most images of the run ".*" are not in "/gone" any more'):
        predict(moved, folder / "test", unfamiliar=True)
    assert predict(copy, folder / "test", unfamiliar=True) == first


def test_an_older_run_asks_its_validation_images_again(older, run, folder):
    assert (older.validated, older.calibration) == ((), None)
    assert predict(older, folder / "test", certain=0.9) == predict(
        run, folder / "test", certain=0.9
    )
    found = evaluate(older, calibrated=True).calibrated.calibration
    assert found.temperature == pytest.approx(run.calibration.temperature, rel=1e-3)


def test_an_older_run_whose_images_are_gone_says_so(older, folder):
    moved = dataclasses.replace(older, image_set=dataclasses.replace(older.image_set, root="/gone"))
    with pytest.raises(RunError, match="holds nothing on what its model says of validation images"):
        predict(moved, folder / "test", certain=0.9)


def test_what_cannot_be_asked_is_refused(run, folder):
    with pytest.raises(RecipeError, match=r"above 0 and below 1; received 95\. For 95 in 100 give"):
        predict(run, folder / "test", certain=95)
    with pytest.raises(RecipeError, match="was measured as its recipe judges, on each image as it"):
        predict(run, folder / "test", "flip", certain=0.9)
    with pytest.raises(RecipeError, match="leave test-time augmentation as it is in the recipe"):
        evaluate(run, averaging="flip", calibrated=True)
    exact = Stage(train=("head",), optimizer="exact", strength="cross-validation")
    fitted = run.recipe.changed(stage=(exact,))
    with pytest.raises(RunError, match="was fitted on its validation images too, so that none are"):
        predict(dataclasses.replace(run, recipe=fitted), folder / "test", certain=0.9)


def test_a_few_images_are_too_few_to_tell_what_is_unlike(tiny_run, tiny_folder, tmp_path):
    shutil.copytree(tiny_run.folder, tmp_path / "run")
    with pytest.raises(RunError, match="validation images that can be read, and 20 of each are"):
        predict(read(tmp_path / "run"), tiny_folder, unfamiliar=True)
