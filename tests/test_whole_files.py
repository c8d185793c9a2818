"""No file is written under its final name: what is done to the disk is watched while all is used.

What Python opens, makes and renames is heard. What a C library may do unheard is found as well: a
file that is there in the end, and that no renaming has brought there, is one that grew in sight.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.drawn import Engine, images_of, recipe_of, write_run
from support.watched import seen

from vgg_transfer.cli import main
from vgg_transfer.comparison import carry_out, set_up
from vgg_transfer.comparison.record import write_comparison
from vgg_transfer.images import load_images
from vgg_transfer.recipe import Stage
from vgg_transfer.training import train
from vgg_transfer.trials import in_this_process
from vgg_transfer.writing import whole_file

# What grows in sight: locks, which hold nothing, and the files of a store, whose rows count once
# their entries in the index are complete.
GROWING = re.compile(r".*\.lock|activations/[0-9a-f]{32}/(rows|index)\.bin")


@contextmanager
def no_half_files(root: Path, monkeypatch) -> Iterator[None]:
    """Check all that is written below a folder meanwhile, also that it has the user's rights."""
    root.mkdir()
    monkeypatch.setenv("VGG_TRANSFER_CACHE", str(root / "activations"))
    before = os.umask(0o027)
    try:
        with seen() as found:
            yield
    finally:
        os.umask(before)

    def grows(path: Path) -> bool:
        inside = path.relative_to(root)
        # What is hidden is unfinished.
        is_hidden = any(part.startswith(".") for part in inside.parts)
        return is_hidden or bool(GROWING.fullmatch(inside.as_posix()))

    opened = {path for path in found.opened if path.is_relative_to(root)}
    arrived = {end for _, end in found.renamed}
    assert {path for path in opened if not grows(path)} == set()
    left = [path for path in root.rglob("*") if path.is_file()]
    assert left
    assert opened
    in_sight = {path for path in left if arrived.isdisjoint((path, *path.parents))}
    assert {path.relative_to(root).as_posix() for path in in_sight if not grows(path)} == set()
    too_open = [path for path in root.rglob("*") if path.stat().st_mode & 0o027]
    assert too_open == []
    unfinished = [path.name for path in root.rglob("*") if path.name.startswith(".")]
    assert unfinished == []


def vgg_transfer(*arguments: object) -> None:
    """Run a command that succeeds."""
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    assert leaving.value.code in (0, None)


def test_what_grows_in_sight_is_found(tmp_path, monkeypatch):
    root = tmp_path / "all"
    with pytest.raises(AssertionError, match=r"table\.csv"), no_half_files(root, monkeypatch):
        (root / "table.csv").write_text("a,b")
    shutil.rmtree(root)
    other = shutil.which("touch")  # not heard, as what a C library does
    with (
        pytest.raises(AssertionError, match=r"table\.csv"),
        no_half_files(root, monkeypatch),
        whole_file(root / "other.csv"),
    ):
        subprocess.run([other, root / "table.csv"], check=True)


@pytest.mark.slow
def test_training_and_what_is_made_of_it(tiny_recipe, tiny_folder, tmp_path, monkeypatch):
    root, images = tmp_path / "all", load_images(tiny_folder)
    recipe = tiny_recipe.changed(precision="auto", stage_1={"train": ("head",)})
    other = recipe.changed(name="other", head={"dropout": 0.5})
    with no_half_files(root, monkeypatch):
        train(recipe, images, root / "runs" / "tiny")
        carry_out(set_up([recipe, other], root / "compared", 1), images, in_this_process)
        for ending in ("csv", "json"):
            out = root / f"found.{ending}"
            vgg_transfer("predict", root / "runs" / "tiny", tiny_folder, "--out", out)
        vgg_transfer("augment", tiny_folder, "--out", root / "views.png")
        vgg_transfer("cache", "--clear")


def test_images_and_records(tiny_folder, tmp_path, monkeypatch):
    root, images = tmp_path / "all", images_of()
    other = recipe_of("other", stage=(Stage(train=("head",), rate=0.5),))
    packed = shutil.make_archive(str(tmp_path / "pets"), "zip", tiny_folder)
    with no_half_files(root, monkeypatch):
        vgg_transfer("images", tiny_folder, "--save", root / "splits.csv")
        vgg_transfer("sample", root / "sample", "--train", 2, "--val", 1, "--test", 1)
        load_images(packed)
        runs = [
            write_run(recipe, 0, images, root / "runs" / recipe.name, wrong=1).folder
            for recipe in (recipe_of("tiny"), other)
        ]
        vgg_transfer("compare", "--runs", *runs, "--out", root / "compared")
        begun = set_up([recipe_of("tiny"), other], root / "trained", 1)
        found = carry_out(begun, images, Engine({"tiny": 2, "other": 3}))
        write_comparison(found, root / "trained")
