"""From a file of somebody else's to a run that is used as any other."""

import numpy as np
import pytest
from support import foreign

import vgg_transfer as vt
from vgg_transfer.adoption import adopt
from vgg_transfer.errors import AdoptionError, ImageSetError, RunError
from vgg_transfer.images.splits import Shares

NAMES = tuple(foreign.COLOURS)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """100 labelled images."""
    return foreign.write_pictures(tmp_path_factory.mktemp("data"), 100, 7)


@pytest.fixture(scope="module")
def model(learnt, tmp_path_factory):
    """The model as Keras 2 wrote it."""
    return foreign.write_keras2(tmp_path_factory.mktemp("models") / "model.h5", learnt)


@pytest.fixture(scope="module")
def adopted(model, data, tmp_path_factory):
    """Adopted with labelled images, and with class names in a wrong order."""
    wrong = [NAMES[2], NAMES[0], NAMES[1]]
    return adopt(model, data, tmp_path_factory.mktemp("runs") / "run", wrong)


def said_by(run, pixels):
    """Return what a run says of pictures: a row of probabilities in the order of NAMES."""
    found = run.predict(list(pixels))
    return np.array([[one.probabilities[name] for name in NAMES] for one in found])


def test_the_run_says_what_the_model_says(adopted, learnt):
    pixels = foreign.pictures(12, 9)[0]
    expected = learnt.predict(pixels / 255.0, verbose=0)
    assert np.allclose(said_by(adopted.run, pixels), expected, atol=1e-4)


def test_input_and_order_are_found_and_recorded(adopted):
    assert str(adopted.given) == "RGB, /255, squash"
    assert adopted.race.is_repaired
    run = vt.read_run(adopted.run.folder)
    assert run.class_names == NAMES
    assert (run.status, run.recipe.preprocess, run.recipe.size) == ("complete", "rescale", 32)
    codes = [one.code for one in run.findings]
    assert codes[0] == "adopted"
    assert "adopted-class-order" in codes
    assert "that was put right" in adopted.sentences[1]
    assert {row.split for row in run.manifest} == {"val"}
    assert run.weights.source == "model model.h5"


def test_the_run_is_judged_by_the_images_that_told(adopted):
    run = adopted.run
    assert (run.judged_on, run.metrics.images) == ("val", 100)
    assert run.metrics.accuracy == adopted.race.best.accuracy > 0.7
    again = vt.evaluate(vt.read_run(run.folder))
    assert again.metrics.accuracy == run.metrics.accuracy


def test_the_doctor_reads_it(adopted):
    found = vt.diagnose(vt.read_run(adopted.run.folder), model=False)
    assert "adopted" in [one.code for one in found.findings]


def test_it_cannot_be_resumed(adopted):
    with pytest.raises(RunError, match=r"was adopted, not trained here.*train DATA --from"):
        vt.resume(adopted.run.folder, extend=3)


def test_bgr_and_other_scaling_are_folded_in(model, learnt, tmp_path):
    """Adopted as if it had learnt from BGR -1..1: so that is what it is given."""
    found = adopt(model, None, tmp_path / "run", NAMES, "BGR", "-1..1", "pad")
    assert (found.run.recipe.preprocess, found.run.recipe.resize) == ("standardize", "pad")
    assert found.race is None
    assert found.run.metrics is None
    pixels = foreign.pictures(6, 9)[0]
    expected = learnt.predict(pixels[..., ::-1] / 127.5 - 1, verbose=0)
    assert np.allclose(said_by(vt.read_run(found.run.folder), pixels), expected, atol=1e-4)


def test_without_images_an_input_is_assumed_and_that_is_said(model, tmp_path):
    found = adopt(model, out=tmp_path / "run", classes=NAMES)
    assert str(found.given) == "RGB, imagenet, squash"
    (finding,) = (one for one in found.run.findings if one.code == "adopted-input-assumed")
    assert "nobody has tried" in finding.seen
    assert "labelled images" in finding.remedy
    with pytest.raises(RunError, match="lists no val images"):
        vt.evaluate(vt.read_run(found.run.folder))


def test_class_names_are_read_beside_the_model_or_asked_for(model, tmp_path):
    place = tmp_path / "mine"
    place.mkdir()
    copy = place / "model.h5"
    copy.write_bytes(model.read_bytes())
    with pytest.raises(AdoptionError, match=r"tells 3 classes apart.*--classes cats,dogs; or put"):
        adopt(copy, out=tmp_path / "a")
    (place / "labels.txt").write_text("plum\nmoss\n\namber\n")
    assert adopt(copy, out=tmp_path / "b").run.class_names == ("plum", "moss", "amber")
    (place / "class_indices.json").write_text('{"moss": 1, "amber": 0, "plum": 2}')
    assert adopt(copy, out=tmp_path / "c").run.class_names == NAMES
    (place / "class_indices.json").write_text('{"moss": 1}')
    with pytest.raises(AdoptionError, match=r"numbers from 0 by name.*Give them with --classes"):
        adopt(copy, out=tmp_path / "d")
    with pytest.raises(AdoptionError, match=r"has 2 classes .*the model tells 3 apart"):
        adopt(copy, out=tmp_path / "d", classes=["cats", "dogs"])
    with pytest.raises(AdoptionError, match=r'classes must differ, and "a" is there twice'):
        adopt(copy, out=tmp_path / "d", classes=["a", "a", "b"])
    assert not (tmp_path / "d").exists()


def test_what_does_not_fit_is_refused_before_anything_is_written(model, data, tmp_path):
    with pytest.raises(ImageSetError, match=r'has "amber", .*the model knows "x"'):
        adopt(model, data, tmp_path / "run", ["x", "y", "z"])
    with pytest.raises(AdoptionError, match=r"scaling is one of .*received 'nonsense'"):
        adopt(model, data, tmp_path / "run", NAMES, scaling="nonsense")
    assert not (tmp_path / "run").exists()


def test_a_training_goes_on_from_it(adopted, data, tmp_path):
    """A rate of nearly nothing leaves what it began with; so it began with the adopted weights."""
    run = vt.read_run(adopted.run.folder)
    recipe = run.recipe.changed(
        base={"weights": str(run.folder)},
        stage_1={"epochs": 1, "rate": 1e-12},
    )
    images = vt.load_images(data, splitting=vt.Splitting(Shares(0.2, 0.2)))
    going = vt.train(recipe, images, tmp_path / "on")
    assert going.weights.source == f"run {run.folder}"
    assert len(going.weights.digest) == 64
    pixels = foreign.pictures(6, 9)[0]
    assert np.allclose(said_by(going, pixels), said_by(run, pixels), atol=1e-5)
