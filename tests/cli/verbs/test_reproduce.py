"""``vgg-transfer reproduce``: the list, one result, all of them, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.answers import checked
from support.origins import WEIGHTS, environment, images_used

from vgg_transfer import run as record
from vgg_transfer import trials
from vgg_transfer.cli import quiet
from vgg_transfer.errors import TrainingError
from vgg_transfer.evaluation import evaluate
from vgg_transfer.recipe.catalogue.registry import published_names
from vgg_transfer.reproduction import all_published
from vgg_transfer.run import Run


@pytest.fixture(scope="module")
def pets(tmp_path_factory) -> Path:
    """Forty test images of cats and dogs, and two of each to train and to choose by."""
    folder = tmp_path_factory.mktemp("data") / "pets"
    rng = np.random.default_rng(0)
    for split, count in (("train", 2), ("val", 2), ("test", 20)):
        for name in ("cats", "dogs"):
            (folder / split / name).mkdir(parents=True)
            for number in range(count):
                pixels = rng.integers(0, 256, (9, 9, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{number:02}.png")
    return folder


@pytest.fixture
def engine(monkeypatch):
    """Train nothing: write runs in which 38 of 40 images are right; no TensorFlow is needed."""
    trained = []

    def train(trial, image_set, folder, progress):
        trained.append(trial.recipe.name)
        if trial.recipe.name == "dlwp1-features":
            raise TrainingError("its process was ended by the system")
        labels = np.array([one.label for one in image_set.split("test")])
        answers = np.where(np.arange(len(labels)) < 2, 1 - labels, labels)
        return record.write(
            Run(
                folder=Path(folder),
                status="complete",
                seed=trial.seed,
                recipe=trial.recipe,
                class_names=image_set.class_names,
                image_set=images_used(image_set),
                weights=WEIGHTS,
                environment=environment(),
                stages=(),
                history=(),
                seconds=1.0,
                judged_on="test",
                metrics=evaluate(labels, np.eye(2)[answers], image_set.class_names),
            ),
            save_model=lambda path: path.write_bytes(b""),
        )

    monkeypatch.setattr(trials, "in_own_process", train)
    monkeypatch.setattr(trials, "in_this_process", train)
    monkeypatch.setattr(quiet, "load_tensorflow", lambda: None)
    return trained


def test_the_list_names_every_result_with_its_number_and_source(both):
    header, *lines = both("reproduce", "--list").out.splitlines()
    assert header.split() == ["name", "published", "measured", "on", "source"]
    assert [line.split()[0] for line in lines] == list(published_names())
    assert lines[4] == (
        "dlwp1-finetune               96.8%  1,000 test images        "
        "Deep Learning with Python 2017, notebook 5.3: then block5 by RMSprop"
    )
    listed = checked("reproduce", both("reproduce", "--list", "--json").out)["published"]
    assert [(one["name"], one["accuracy"]) for one in listed] == [
        (one.name, one.accuracy) for one in all_published()
    ]


def test_one_result_is_compared_with_what_was_published(both, engine, pets, tmp_path):
    out = tmp_path / "my run"
    text = both("reproduce", "dlwp2-finetune", "--data", pets, "--out", out).out
    assert engine == ["dlwp2-finetune"]
    assert (
        "published   98.5% on 2,000 test images (Deep Learning with Python 2021, chapter 8: "
        "then block5 by RMSprop)\nhere        accuracy 95.0% [83.5, 98.6] on 40 images"
    ) in text
    assert "verdict     reproduced: the difference of -3.5 points [" in text
    assert "same within ±0.5: one training; another seed gives another number" in text
    assert "differs     4 train images here, 2,000 there.\n" in text
    assert f"saved in    {out}\n" in text
    printed = checked(
        "reproduce", both("reproduce", "dlwp2-finetune", "--data", pets, "--out", out, "--json").out
    )
    low, high = printed["difference_interval"]
    assert printed["difference"] == pytest.approx(0.95 - 0.985)
    assert low < printed["difference"] < high
    assert (printed["published"]["accuracy"], printed["run"]) == (0.985, str(out))
    assert (printed["verdict"], printed["metrics"]["accuracy"]) == ("reproduced", 0.95)
    assert engine == ["dlwp2-finetune"]  # the second time it was read


def test_all_are_run_one_by_one_and_one_that_fails_does_not_stop_the_others(
    both, engine, pets, tmp_path
):
    text = both("reproduce", "--data", pets, "--out", tmp_path / "all", code=1).out
    assert engine == list(published_names())
    table = text[text.rindex("published      here") :].splitlines()[1:]
    assert [line.split()[0] for line in table] == list(published_names())
    assert table[2].split() == ["dlwp1-features", "90.3%", "-", "-", "not", "reproduced"]
    assert table[7].startswith("dlwp2-finetune               98.5%     95.0%  -3.5 [")
    assert "verdict     not reproduced: its process was ended by the system" in text
    assert {place.name for place in (tmp_path / "all").iterdir()} == {
        name for name in published_names() if name != "dlwp1-features"
    }
    engine.clear()
    again = both("reproduce", "--data", pets, "--out", tmp_path / "all", "--json", code=1)
    assert engine == ["dlwp1-features"]  # what is finished is read
    every = checked("reproduce", again.out)["reproductions"]
    assert [one["name"] for one in every] == list(published_names())
    assert [one["name"] for one in every if one["run"] is None] == ["dlwp1-features"]


def test_other_than_two_classes_are_refused_before_anything_is_run(both, engine, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / "three" / name).mkdir(parents=True)
        for number in range(8):
            pixels = np.full((9, 9, 3), 10 * number + ord(name), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "three" / name / f"{number}.png")
    written = both("reproduce", "--data", tmp_path / "three", "--out", tmp_path / "out", code=1)
    assert "has 3 classes, and the published results tell one class from one other" in written.err
    assert engine == []


def test_an_unknown_name_is_refused_before_images_are_read(both):
    written = both("reproduce", "dlwp3-features", "--data", "nowhere", code=1)
    assert written.err == (
        'error: no published result is called "dlwp3-features". Did you mean "dlwp2-features"? '
        "See them all with: vgg-transfer reproduce --list\n"
    )


def test_a_name_and_the_list_are_not_asked_for_together(both):
    assert (
        "give a NAME or --list, not both"
        in both("reproduce", "dlwp1-features", "--list", code=2).err
    )


def test_where_the_usual_images_are_not_to_be_had_others_are_suggested(both, monkeypatch, tmp_path):
    from vgg_transfer.cli.options import source as source_options
    from vgg_transfer.errors import ImageSetError

    def unreachable(*arguments, **settings):
        raise ImageSetError("dataset tfds:cats_vs_dogs is not to be had.")

    monkeypatch.setattr(source_options, "read_images", unreachable)
    assert both("reproduce", "dlwp1-features", code=1).err == (
        "error: dataset tfds:cats_vs_dogs is not to be had.\n"
        "Or give images of cats and dogs: --data DIR\n"
    )
    own = both("reproduce", "dlwp1-features", "--data", tmp_path, code=1).err
    assert "Or give images" not in own


def test_views_are_stored_as_many_as_asked_for(both, engine, pets, tmp_path):
    for arguments, views in ((["--fast"], 10), (["--fast", "--views", 50], 50)):
        out = tmp_path / str(views)
        text = both("reproduce", "dlwp2-finetune", "--data", pets, "--out", out, *arguments).out
        assert f"--fast renders every image {views} times before, not anew in every" in text
        assert [stage.views for stage in record.read(out).recipe.stage] == [views, views]
    every = ["reproduce", "--data", pets, "--out", tmp_path / "all", "--fast", "--views", 3]
    both(*every, code=1)
    stored = record.read(tmp_path / "all" / "dlwp2-augmented-fast-views3").recipe
    assert [stage.views for stage in stored.stage] == [3]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--views", 5], "--views needs --fast: without it, every epoch renders anew"),
        (["--fast", "--views", 0], "Invalid value for '--views': Input should be greater than"),
        (["--fast", "--views", 65], "Invalid value for '--views': Input should be less than"),
    ],
)
def test_views_that_could_not_be_stored_are_refused(both, engine, arguments, fault):
    assert fault in both("reproduce", "dlwp2-finetune", *arguments, code=2).err
    assert engine == []
