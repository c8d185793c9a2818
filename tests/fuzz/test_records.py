"""Run folders and comparisons that went wrong: read, or refused in one error of their kind."""

import shutil
from pathlib import Path

import pytest
from hypothesis import strategies as st
from support.drawn import images_of, recipe_of, write_run
from support.mutated import changes_of, tried

from vgg_transfer.cli.display.comparison import show_comparison
from vgg_transfer.cli.display.screen import open_screen
from vgg_transfer.comparison import compare_runs, read_comparison
from vgg_transfer.comparison.record import save_comparison
from vgg_transfer.errors import ComparisonError, RunError
from vgg_transfer.recipe import Stage
from vgg_transfer.run import read

RUN_FILES = (
    *("run.json", "recipe.toml", "images.csv", "history.csv", "metrics.json", "predictions.csv"),
)


@pytest.fixture
def runs(tmp_path) -> tuple[Path, Path]:
    """Two runs of different recipes on the same images."""
    images = images_of(test=8)
    other = recipe_of("other", stage=(Stage(train=("head",), rate=0.5),))
    first = write_run(recipe_of("tiny"), 0, images, tmp_path / "first", wrong=1)
    second = write_run(other, 0, images, tmp_path / "second", wrong=2)
    return first.folder, second.folder


def files_of(folder: Path, names: tuple[str, ...]):
    """Return a strategy for one or two files of a folder, each with what happens to it."""
    whole = {name: (folder / name).read_bytes() for name in names}
    one = st.sampled_from(names).flatmap(
        lambda name: st.tuples(st.just(name), changes_of(whole[name], name))
    )
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda pair: pair[0])


def put(folder: Path, whole: Path, changed) -> None:
    """Make a folder anew from a whole one, then change files of it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    for name, change in changed:
        change(folder / name)


def check_message(error: Exception, folder: Path) -> None:
    assert str(folder) in str(error)
    assert 10 < len(str(error)) < 20_000  # a recipe names each of its faults; a terminal cuts it
    assert str(error).replace("\n", "").isprintable()


@pytest.mark.parametrize("inputs", [200, pytest.param(900, marks=pytest.mark.slow)])
def test_run_folders(inputs, runs, tmp_path):
    whole, other = runs
    folder = tmp_path / "changed"

    def door(changed) -> None:
        put(folder, whole, changed)
        try:
            run = read(folder)
        except RunError as error:
            check_message(error, folder)
            return
        assert str(folder) in repr(run)
        try:
            assert compare_runs([folder, other]).verdicts
        except ComparisonError as error:
            check_message(error, folder)

    tried(inputs, files_of(whole, RUN_FILES), door, folder)


@pytest.mark.parametrize("inputs", [100, pytest.param(300, marks=pytest.mark.slow)])
def test_comparison_folders(inputs, runs, tmp_path, capsys):
    whole = save_comparison(compare_runs(runs), tmp_path / "whole").folder
    folder = tmp_path / "changed"
    screen = open_screen(as_json=False)

    def door(changed) -> None:
        put(folder, whole, changed)
        try:
            comparison = read_comparison(folder)
        except ComparisonError as error:
            check_message(error, folder)
            return
        show_comparison(screen, comparison)
        assert capsys.readouterr().out.replace("\n", "").isprintable()
        save_comparison(comparison, folder / "again")
        assert read_comparison(folder / "again").trials == comparison.trials

    tried(inputs, files_of(whole, ("comparison.json",)), door, folder)
