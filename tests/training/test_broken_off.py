"""A training that breaks off in the middle: what was trained is kept, and it says how to go on."""

import shutil

import pytest
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer.errors import ImageSetError, RunError
from vgg_transfer.events import EpochEnded, PassBegan
from vgg_transfer.images import load_images
from vgg_transfer.run import read
from vgg_transfer.training import resume, train


class Takes(Heard):
    """Takes a file away when something happens for the first time."""

    def __init__(self, file, kind):
        super().__init__()
        self.file, self.kind = file, kind
        self.content = file.read_bytes()

    def on(self, event):
        if isinstance(event, self.kind) and self.epochs:
            self.file.unlink(missing_ok=True)

    def put_back(self):
        self.file.write_bytes(self.content)


@pytest.fixture
def recipe(tiny_recipe):
    (stage,) = tiny_recipe.stage
    return tiny_recipe.changed(batch_size=4, stage=(stage.changed(epochs=12),))


def goes_on(error, folder):
    (note,) = error.__notes__
    kept = "What was trained is kept. Once nothing is in the way any more, go on: "
    return note == f"{kept}`vgg-transfer resume {folder}`"


@pytest.mark.parametrize(
    ("split", "kind", "status"),
    [("train", EpochEnded, "running"), ("test", PassBegan, "interrupted")],
)
def test_an_image_that_goes_away_and_comes_back(split, kind, status, recipe, tiny_folder, tmp_path):
    data = shutil.copytree(tiny_folder, tmp_path / "data")
    images = load_images(data)
    taken = Takes(images.split(split)[0].path, kind)
    with pytest.raises(ImageSetError) as broken:
        train(recipe, images, tmp_path / "run", cache=False, listen=taken)
    assert goes_on(broken.value, tmp_path / "run")
    assert read(tmp_path / "run").status == status
    with pytest.raises(RunError, match="cannot be read: No such file or directory"):
        resume(tmp_path / "run")
    taken.put_back()
    whole = train(recipe, images, tmp_path / "whole", cache=False)
    run = resume(tmp_path / "run")
    assert run.metrics == whole.metrics
    assert equal(weights_of(run), weights_of(whole))


def test_a_full_disk_at_the_very_end_loses_nothing(recipe, images, tmp_path, monkeypatch):
    def full(model, path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("vgg_transfer.training.course.save_model", full)
    with pytest.raises(RunError, match=r"cannot write the run folder .*No space left") as broken:
        train(recipe, images, tmp_path / "run")
    assert goes_on(broken.value, tmp_path / "run")
    monkeypatch.undo()
    heard = Heard()
    run = resume(tmp_path / "run", listen=heard)
    assert heard.epochs == []  # nothing is trained once more
    assert equal(weights_of(run), weights_of(train(recipe, images, tmp_path / "whole")))
