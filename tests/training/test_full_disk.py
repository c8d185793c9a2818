"""A disk that is full at any write: nothing was begun, or nothing that was trained is lost."""

import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from support.full_disk import FullDisk
from support.heard import Heard
from support.weights import equal, weights_of

from vgg_transfer.errors import RunError
from vgg_transfer.events import EpochEnded
from vgg_transfer.recipe import Base, Head, Recipe, Stage
from vgg_transfer.run import read
from vgg_transfer.training import resume, train

pytestmark = pytest.mark.usefixtures("step_by_step")

# On plain images: with views, a stage that has to do without stores sees other ones.
RECIPE = Recipe(
    size=16,
    precision="fp32",
    preprocess="rescale",
    batch_size=16,
    base=Base(weights="none", blocks=2, width=0.1),
    head=Head(dropout=0.3),
    stage=(
        Stage(train=("head",), epochs=2),
        Stage(train=("head", "block2"), epochs=1, rate=1e-3),
    ),
)
TRIED = 4  # of all kinds of writes every fourth


def same(run, other):
    facts = [
        (
            [(e.stage, e.epoch, e.loss, e.val_loss, e.rates) for e in one.history],
            one.metrics,
            one.judged,
        )
        for one in (run, other)
    ]
    return facts[0] == facts[1] and equal(weights_of(run), weights_of(other))


def check_whole(folder):
    """Every file of a run folder is whole, and none is there that is not of a run."""
    for file in folder.iterdir():
        assert not file.name.startswith("."), file
        if file.suffix in (".npz", ".keras"):
            assert zipfile.ZipFile(file).testzip() is None
        elif file.suffix == ".json":
            json.loads(file.read_text("utf-8"))
        else:
            assert file.read_text("utf-8").endswith("\n")


def kept(error, folder):
    """Return the run that an error says was kept elsewhere, None where it says nothing of it."""
    _, told, rest = str(error).partition("\nThe run with its model is in ")
    assert str(error).startswith(f'cannot write the run folder "{folder}": ')
    return read(Path(rest.split('"')[1])) if told else None


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux for names of files")
def test_a_disk_that_is_full_at_any_write_loses_nothing(images, tmp_path, monkeypatch):
    disk = FullDisk(monkeypatch, tmp_path / "disk")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))

    def trained(place, last_straw, heard):
        monkeypatch.setenv("VGG_TRANSFER_CACHE", str(place / "stores"))
        disk.fill_up(last_straw)
        return train(RECIPE, images, place / "run", listen=heard, checkpoint_minutes=0)

    expected = trained(tmp_path / "disk" / "trial 0", None, Heard())
    outcomes = set()
    for number, kind in enumerate(list(disk.kinds)[::TRIED], start=1):
        heard, folder = Heard(), tmp_path / "disk" / f"trial {number}" / "run"
        with pytest.raises(RunError, match="No space left on device") as full:
            trained(folder.parent, kind, heard)
        disk.free()
        elsewhere = kept(full.value, folder)
        if elsewhere:
            check_whole(elsewhere.folder)
            assert same(elsewhere, expected)
            outcomes.add("kept elsewhere")
        if folder.exists():
            check_whole(folder)
            assert same(resume(folder), expected)
            outcomes.add("resumed")
        elif not elsewhere:
            assert not heard.all(EpochEnded)
            outcomes.add("not begun")
        assert not list(folder.parent.glob(".*"))
    assert outcomes == {"not begun", "kept elsewhere", "resumed"}
