"""Folders that may not be entered or looked into: one message each, whatever was named there."""

import os
import shutil
from pathlib import Path

import pytest
from support.drawn import images_of, recipe_of, write_run

from vgg_transfer.cli import main


@pytest.fixture
def locked(tmp_path):
    """A folder with a run, images and tables that the user may not enter; root is nobody meanwhile.

    ``open`` beside it may be looked into.
    """
    shutil.copytree(
        write_run(recipe_of("tiny"), 0, images_of(), tmp_path / "drawn").folder,
        tmp_path / "open" / "run",
    )
    folder = tmp_path / "locked"
    (folder / "data" / "red").mkdir(parents=True)
    for name in ("pets.csv", "pets.zip", "recipe.toml", "a.png"):
        (folder / name).write_text("x")
    is_root = os.geteuid() == 0
    above = [place for place in tmp_path.parents if place.owner() == Path(tmp_path).owner()]
    modes = {place: place.stat().st_mode for place in above}
    for place in (tmp_path, *above):
        place.chmod(0o755)
    folder.chmod(0)
    if is_root:
        os.seteuid(65_534)
    yield folder
    if is_root:
        os.seteuid(0)
    folder.chmod(0o755)
    for place, mode in modes.items():
        place.chmod(mode)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["images", "locked/data"], 'data" cannot be read: Permission denied'),
        (["images", "locked/pets.csv"], "cannot be read: Permission denied"),
        (["images", "locked/pets.zip"], "cannot be read: Permission denied"),
        (["images", "csv:locked/pets.csv"], "cannot be read: Permission denied"),
        (["images", "open", "--splits", "locked/pets.csv"], "Permission denied"),
        (["evaluate", "locked/run"], "cannot be read (Permission denied)"),
        (["predict", "locked/run", "x.png"], "cannot be read (Permission denied)"),
        (["predict", "open/run", "locked/a.png"], 'there is no file or folder "'),
        (["compare", "--runs", "locked/run", "locked/other"], "cannot be read (Permission denied)"),
        (["train", "open", "--recipe", "locked/recipe.toml"], "Permission denied"),
        (["train", "open", "--out", "locked/new"], "permission denied; choose another with --out"),
        (["sample", "locked/pets"], "ermission denied"),
        (["predict", "open/run", "open", "--out", "locked/a.csv"], "permission denied"),
    ],
)
def test_one_message(locked, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(locked.parent)
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    written = capsys.readouterr().err
    assert leaving.value.code == 1
    assert written.startswith("error: ")
    assert message in written
