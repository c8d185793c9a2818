"""A published result run again: by an engine that trains nothing, and once by a real training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.heard import Heard
from support.origins import WEIGHTS, environment, images_used

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.errors import ComparisonError, RunError, TrainingError, WeightsError
from vgg_transfer.evaluation import evaluate
from vgg_transfer.events import nobody
from vgg_transfer.images import load_images
from vgg_transfer.images.image_set import ImageRecord, ImageSet
from vgg_transfer.recipe.changes import with_epochs
from vgg_transfer.reproduction import Conditions, Published, attempt, published, repeat, reproduce
from vgg_transfer.run import Run, StageOutcome

NAME = "dlwp2-augmented"


def images(name="pets"):
    records = tuple(
        ImageRecord(Path(f"{split}{number}.png"), number % 2, split, f"{name}{split}{number}", 9, 9)
        for split in ("train", "val", "test")
        for number in range(200)
    )
    return ImageSet(f'folder "{name}"', ("cats", "dogs"), records)


class Engine:
    """Writes runs in which so many of the test images are right, and counts them."""

    def __init__(self, correct=195, status="complete"):
        self.correct, self.status, self.trials = correct, status, []

    def __call__(self, trial, image_set, folder, listen):
        self.trials.append(trial)
        labels = np.array([one.label for one in image_set.split("test")])
        right = np.arange(len(labels)) < self.correct
        metrics = evaluate(
            labels, np.eye(2)[np.where(right, labels, 1 - labels)], image_set.class_names
        )
        complete = self.status == "complete"
        run = record.write(
            Run(
                folder=Path(folder),
                status=self.status,
                seed=trial.seed,
                recipe=trial.recipe,
                class_names=image_set.class_names,
                image_set=images_used(image_set),
                weights=WEIGHTS,
                environment=environment(),
                stages=(
                    StageOutcome(1, "head", 1, 1, "val_loss", 0.5, "the loss became nan", 1.0),
                ),
                history=(),
                seconds=1.0,
                judged_on="test" if complete else "",
                metrics=metrics if complete else None,
            ),
            save_model=lambda path: path.write_bytes(b""),
        )
        if self.status == "failed":
            raise TrainingError("the loss became nan")
        return run


def test_a_result_is_run_as_published_and_compared(tmp_path):
    engine = Engine(correct=195)  # 97.5%, as published
    found = reproduce(NAME, images(), tmp_path / "run", seed=3, engine=engine)
    (trial,) = engine.trials
    assert (trial.recipe, trial.seed) == (recipes.named(NAME), 3)
    assert found.agreement.verdict == "reproduced"
    assert found.agreement.difference == pytest.approx(0.0)
    assert found.run == record.read(tmp_path / "run")
    assert found.differs[:3] == (
        "200 train images here, 2,000 there.",
        "200 val images here, 1,000 there.",
        "200 test images here, 2,000 there.",
    )


def test_what_is_used_and_what_is_read_is_told(tmp_path):
    few = replace(published(NAME), train_images=50)
    told = []
    for _ in range(2):
        listener = Heard()
        repeat(few, images(), tmp_path / "run", Conditions(fast=True), listener, Engine())
        told.append(listener.lines)
    first, second = told
    assert first[0] == (
        "50 of 200 train images are used, as in the publication, drawn by file contents and seed 0."
    )
    assert [line.split()[0] for line in first[1:]] == ["--fast", "--fast"]
    assert second == [*first, f"reads the run that is there: {tmp_path / 'run'}"]


def test_a_finished_run_is_read_and_not_run_again(tmp_path):
    first, again = Engine(), Engine()
    one = reproduce(NAME, images(), tmp_path / "run", engine=first)
    two = reproduce(NAME, images(), tmp_path / "run", engine=again)
    assert (len(first.trials), again.trials) == (1, [])
    assert one == two


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        ({"seed": 1}, "its seed is 0, not 1."),
        ({"image_set": images("others")}, "its images, or their splits, are others."),
        (
            {"fast": True},
            "its recipe differs (there, now) in precision (fp32, auto), stage.1.views (fresh, 10).",
        ),
        (
            {"name": "dlwp2-features"},
            "its recipe differs (there, now) in name (dlwp2-augmented, dlwp2-features), ",
        ),
    ],
)
def test_another_run_is_never_taken_for_it(tmp_path, wanted, fault):
    place = tmp_path / "run"
    reproduce(NAME, images(), place, engine=Engine())
    engine = Engine()
    with pytest.raises(RunError) as caught:
        reproduce(**{"name": NAME, "image_set": images(), "out": place, "engine": engine} | wanted)
    assert str(caught.value).startswith(f'"{place}" holds another run: {fault}')
    assert str(caught.value).endswith("Choose another folder with --out, or move it away")
    assert engine.trials == []


def test_fast_stores_views_and_says_so_first(tmp_path):
    engine = Engine()
    found = reproduce(NAME, images(), tmp_path / "run", fast=True, engine=engine)
    assert [stage.views for stage in engine.trials[0].recipe.stage] == [10]
    assert found.differs[0] == "--fast computes in the precision that is fastest here."
    assert found.differs[1].startswith("--fast renders every image 10 times before")
    reproduce(NAME, images(), tmp_path / "more", fast=True, engine=engine, views=50)
    assert [stage.views for stage in engine.trials[1].recipe.stage] == [50]


def test_a_training_that_diverges_reproduces_nothing(tmp_path):
    for engine in (Engine(status="failed"), Engine()):  # the second time it is read
        found = reproduce(NAME, images(), tmp_path / "run", engine=engine)
        assert found.agreement.verdict == "not reproduced"
        assert found.agreement.reason == "the training failed: the loss became nan"
        assert found.run.status == "failed"


def test_an_interrupted_training_gets_no_verdict_and_is_in_the_way(tmp_path):
    found = reproduce(NAME, images(), tmp_path / "run", engine=Engine(status="interrupted"))
    assert (found.agreement.verdict, found.agreement.reason) == (
        "refused",
        "the training was interrupted; the same again goes on with it",
    )
    with pytest.raises(RunError, match="holds another run: it was interrupted"):
        reproduce(NAME, images(), tmp_path / "run", engine=Engine())


def test_an_unknown_name_is_refused_before_anything_else(tmp_path):
    engine = Engine()
    with pytest.raises(ComparisonError, match='no published result is called "staged"'):
        reproduce("staged", images(), tmp_path / "run", engine=engine)
    assert engine.trials == []


def test_a_folder_that_is_no_run_is_refused_before_training(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    engine = Engine()
    with pytest.raises(RunError, match="is not empty; nothing is overwritten"):
        reproduce(NAME, images(), tmp_path / "run", engine=engine)
    assert engine.trials == []


def test_one_of_several_that_goes_wrong_tells_why_and_stops_nobody(tmp_path):
    def broken(trial, image_set, folder, listen):
        raise WeightsError("the starting weights are not there")

    def dying(trial, image_set, folder, listen):
        raise MemoryError("no room")

    def tried(engine):
        return attempt(published(NAME), images(), tmp_path / "run", Conditions(), nobody, engine)

    assert tried(dying).agreement.reason == "MemoryError: no room"
    found = tried(broken)
    assert (found.run, found.agreement.verdict) == (None, "not reproduced")
    assert found.agreement.reason == "the starting weights are not there"


def test_a_training_that_wrote_no_run_is_an_error(tmp_path):
    def broken(trial, image_set, folder, listen):
        raise TrainingError("its process was ended by the system")

    with pytest.raises(TrainingError, match="ended by the system"):
        reproduce(NAME, images(), tmp_path / "run", engine=broken)


def test_every_way_of_running_has_a_folder_of_its_own():
    usual, place = Path("runs/reproduce"), Path("o")
    assert Conditions().folder_of(NAME) == usual / NAME
    assert Conditions(True, 2).folder_of(NAME, place) == place / f"{NAME}-fast-seed2"
    assert Conditions(True, views=50).folder_of(NAME) == usual / f"{NAME}-fast-views50"
    assert Conditions(views=50).folder_of(NAME) == usual / NAME


@pytest.mark.slow
@pytest.mark.parametrize("fast", [False, True])
def test_a_real_training_of_a_narrow_network(tiny_folder, tmp_path, monkeypatch, fast):
    def narrow(name):
        small = recipes.override(
            recipes.named(name), ['base.weights="none"', "base.width=0.05", "size=32"]
        )
        return with_epochs(small, [2, 2])

    monkeypatch.setattr(Published, "recipe", property(lambda self: narrow(self.name)))
    found = reproduce("dlwp2-finetune", load_images(tiny_folder), tmp_path / "run", fast=fast)
    # Four test images: it is judged, and a verdict is refused.
    assert found.run.status == "complete"
    assert found.run.judged_on == "test"
    assert found.agreement.verdict == "refused"
    assert found.run.stages[0].best_epoch == 2  # the last is kept
    assert [stage.views for stage in found.run.recipe.stage] == ([2, 2] if fast else ["fresh"] * 2)
    assert 'Tells "blue" from "red" here, cats from dogs there.' in found.differs
    again = reproduce("dlwp2-finetune", load_images(tiny_folder), tmp_path / "run", fast=fast)
    assert replace(again.run, folder=found.run.folder) == record.read(found.run.folder)
