"""The command line on records that went wrong: what was asked for, or one message; no traceback."""

import contextlib
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import strategies as st
from support.drawn import images_of, recipe_of, write_run
from support.mutated import changes_of, tried

from vgg_transfer.cli import main
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import Stage, to_toml


def said_by(*arguments: object) -> tuple[int, str]:
    """Run a command; return its exit code, and all that it wrote."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    return code, out.getvalue() + err.getvalue()


@pytest.fixture
def work(tmp_path, tiny_folder) -> Path:
    """A folder with a picture folder, a table, a split file, a recipe, and two runs."""
    images = images_of(test=8)
    other = recipe_of("other", stage=(Stage(train=("head",), rate=0.5),))
    write_run(recipe_of("tiny"), 0, images, tmp_path / "run", wrong=1)
    write_run(other, 0, images, tmp_path / "run 2", wrong=2)
    shutil.copytree(tiny_folder, tmp_path / "pictures")
    rows = [
        f"pictures/{path.parent.name}/{path.name},{path.parent.name}\n"
        for path in sorted((tmp_path / "pictures").rglob("*.png"))
    ]
    (tmp_path / "table.csv").write_text("".join(["path,label\n", *rows]))
    said_by("images", tmp_path / "pictures", "--save", tmp_path / "splits.csv")
    (tmp_path / "recipe.toml").write_text(to_toml(recipe_of("tiny")))
    return tmp_path


# Every verb that reads a file of others before TensorFlow is needed, with the files it reads.
COMMANDS = (
    (("images", "csv:{}/table.csv"), ("table.csv",)),
    (("images", "{}/pictures", "--splits", "{}/splits.csv", "--json"), ("splits.csv",)),
    (("train", "{}/gone", "--recipe", "{}/recipe.toml"), ("recipe.toml",)),
    (("compare", "--runs", "{}/run", "{}/run 2"), ("run/run.json", "run/predictions.csv")),
    (
        ("compare", "--runs", "{}/run", "{}/run 2", "--json"),
        ("run/metrics.json", "run/recipe.toml"),
    ),
    (("predict", "{}/run", "{}/gone"), ("run/run.json", "run/images.csv", "run/history.csv")),
)


def calls(work: Path):
    whole = {name: (work / name).read_bytes() for _, names in COMMANDS for name in names}
    return st.sampled_from(COMMANDS).flatmap(
        lambda command: st.sampled_from(command[1]).flatmap(
            lambda name: st.tuples(
                st.just([part.format(work) for part in command[0]]),
                st.just((work / name, whole[name])),
                changes_of(whole[name], name),
            )
        )
    )


@pytest.mark.parametrize("inputs", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_verbs(inputs, work):
    def door(given) -> None:
        arguments, (file, data), change = given
        change(file)
        try:
            code, said = said_by(*arguments)
        finally:
            if file.is_dir() and not file.is_symlink():
                file.rmdir()
            file.unlink(missing_ok=True)
            file.write_bytes(data)
        assert code in (0, 1), said
        assert said.count("error: ") == code, said
        assert "Traceback" not in said
        assert said.replace("\n", "").isprintable(), said
        assert len(said) < 20_000

    tried(inputs, calls(work), door, work, cache_folder())
