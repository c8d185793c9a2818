"""The run folder: what is written comes back, whole or not at all, and damage is named."""

import csv
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vgg_transfer import run as record
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation import evaluate
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Base, Recipe, Stage
from vgg_transfer.run import (
    Advice,
    Channels,
    Environment,
    Epoch,
    Filled,
    ImagesUsed,
    Judged,
    ManifestRow,
    Run,
    StageOutcome,
    StartingWeights,
)

NOT_UTF8 = b"caf\xe9".decode("utf-8", "surrogateescape")


IMAGE_HEADER = b"path,split,class,digest,width,height\r\n"


def make_run(folder: Path, class_names: tuple[str, ...] = ("cat", "dog")) -> Run:
    """Return a run whose every field differs from its default."""
    metrics = evaluate(
        np.array([0, 1, 1]), np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), class_names
    )
    first, second = class_names
    return Run(
        folder=folder,
        status="complete",
        seed=3,
        recipe=Recipe(
            name="tiny",
            size=16,
            base=Base(weights="none", blocks=2, width=0.1),
            stage=(Stage(train=("head",)), Stage(train=("head", "block2"), block_decay=0.5)),
        ),
        class_names=class_names,
        image_set=ImagesUsed(
            source='folder "pets"',
            root="/data/pets",
            digest="abc",
            counts={"train": {first: 700, second: 800}, "val": {first: 0, second: 2}},
            skipped={"/data/pets/a.txt": "not an image"},
        ),
        weights=StartingWeights("a file", digest="def", published=True),
        environment=Environment("3", "Linux", "tensorflow", "CPU", "bf16", {"keras": "3"}),
        stages=(
            StageOutcome(1, "head", 2, 0, "val_loss", 0.5, "all 2 epochs done", 1.5),
            StageOutcome(
                2, "head + block2", 1, 1, "val_accuracy", 0.75, "interrupted", 0.1, "fresh"
            ),
        ),
        history=(
            Epoch(1, 1, 1 / 3, 0.5, 0.7, 0.5, {"head": 1e-3}, 1.5, 20.0, 0.25, 512.0),
            Epoch(2, 2, 1e-9, 1.0, 0.1, 0.9, {"block2": 5e-4, "head": 1e-3}, 0.1, 3.0, 0.0, 513.5),
        ),
        seconds=12.25,
        judged_on="test",
        metrics=metrics,
        judged=(
            Judged("a/1.png", "test", first, first, (0.9, 0.1)),
            Judged("b/2.png", "test", second, first, (2 / 3, 1 / 3)),
        ),
        manifest=(
            ManifestRow("a/0.png", "train", first, "ab", 30, 20),
            ManifestRow("a/1.png", "test", first, "abc", 30, 20),
            ManifestRow("b/2.png", "test", second, "def", 1, 2),
        ),
        channels=Channels(mean=(120.5, 1 / 3, 0.0), deviation=(60.0, 1.0, 1e-3)),
        filled=(Filled("key", rows=6, computed=4, seconds=1.25),),
        advice=(
            Advice(2, 1.25, 0.5, 11.5, True, "opening block2: expected …; goes on"),
            Advice(3, None, None, None, True, "opening block1: the probe failed (…); goes on"),
        ),
        findings=(Finding("images", "note", "images", "3 files are there twice", "leave one out"),),
    )


def save_model(path: Path) -> None:
    """Stand in for Keras."""
    path.write_bytes(b"model")


def written(folder: Path, **changes: object) -> Run:
    return record.write(replace(make_run(folder), **changes), save_model)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    run = written(tmp_path / "new" / "run")
    assert run == make_run(tmp_path / "new" / "run")
    assert record.read(run.folder) == run
    assert record.read(str(run.folder)) == run
    assert run.model_file.read_bytes() == b"model"


def test_a_run_from_before_some_facts_were_written_is_read(tmp_path: Path) -> None:
    run = written(tmp_path / "run")
    unwritten = {
        "run.json": ("channels", "filled", "advice", "findings"),
        "metrics.json": ("balanced_accuracy_interval",),
    }
    for name, keys in unwritten.items():
        facts = json.loads((run.folder / name).read_text())
        kept = {key: value for key, value in facts.items() if key not in keys}
        for stage in kept.get("stages", ()):
            del stage["views"]
        (run.folder / name).write_text(json.dumps(kept))
    metrics = replace(run.metrics, balanced_accuracy_interval=None)
    stages = tuple(replace(stage, views="") for stage in run.stages)
    assert record.read(run.folder) == replace(
        run, stages=stages, channels=None, metrics=metrics, filled=(), advice=(), findings=()
    )


def test_the_folder_holds_what_the_module_says(tmp_path: Path) -> None:
    folder = written(tmp_path / "run").folder
    listed = [line.split()[0] for line in record.__doc__.split("RUN/\n")[1].splitlines()[:7]]
    assert sorted(path.name for path in folder.iterdir()) == sorted(listed)
    with (folder / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # A frozen block has no rate; blocks that the base does not have get no column.
    assert [(row["rate_block1"], row["rate_block2"], row["rate_head"]) for row in rows] == [
        ("", "", "0.001"),
        ("", "0.0005", "0.001"),
    ]
    assert "rate_block3" not in rows[0]


@pytest.mark.parametrize("status", ["interrupted", "failed"])
def test_a_run_that_was_not_judged_has_no_metrics(tmp_path: Path, status: str) -> None:
    run = written(tmp_path / "run", status=status, metrics=None, judged=(), judged_on="")
    assert record.read(run.folder) == run


def test_the_folder_is_given_back_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert written(Path("run")).folder == tmp_path / "run"


def test_an_empty_folder_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    run = written(tmp_path / "run")
    assert record.read(run.folder) == run
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_link_to_an_empty_folder_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    try:
        record.check_free(tmp_path / "run")
    except RunError:
        return  # refused before the training: as good
    assert record.read(written(tmp_path / "run").folder)


def test_names_of_any_bytes_are_kept(tmp_path: Path) -> None:
    run = written(
        tmp_path / "run",
        judged=(Judged(f"a\n,b/{NOT_UTF8}.png", "test", "cat", "dog", (0.5, 0.5)),),
        manifest=(ManifestRow(f"a\r\n{NOT_UTF8}", "test", "cat", "", 1, 1),),
        image_set=ImagesUsed("", f"/data/{NOT_UTF8}\n", "", {}, {NOT_UTF8: "empty file"}),
    )
    assert record.read(run.folder) == run
    assert b"caf\xe9" in (run.folder / "images.csv").read_bytes()


def test_class_names_may_hold_newlines(tmp_path: Path) -> None:
    run = record.write(make_run(tmp_path / "run", ("big\ncat", 'do"g,')), save_model)
    assert record.read(run.folder) == run


def test_class_names_may_be_no_utf8(tmp_path: Path) -> None:
    run = record.write(make_run(tmp_path / "run", ("cat", NOT_UTF8)), save_model)
    assert record.read(run.folder) == run


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), ValueError("no")])
def test_a_model_that_cannot_be_saved_leaves_nothing_behind(
    tmp_path: Path, error: BaseException
) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half a model")
        raise error

    with pytest.raises(type(error)):
        record.write(make_run(tmp_path / "run"), fail)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_run_error_and_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    (tmp_path / "run").mkdir()
    with pytest.raises(RunError) as caught:
        record.write(make_run(tmp_path / "run"), fail)
    assert str(caught.value).startswith(
        f'cannot write the run folder "{tmp_path / "run"}": [Errno 28] No space left on device'
    )
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert list((tmp_path / "run").iterdir()) == []


def test_a_run_that_has_no_room_in_its_folder_is_kept_where_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save_elsewhere(path: Path) -> None:
        if path.is_relative_to(tmp_path / "full"):
            raise OSError(28, "No space left on device", str(path))
        save_model(path)

    # The command line has a temporary folder of its own, which goes when it ends.
    ours = tmp_path / "room" / "vgg-transfer-abcdefgh.temporary"
    ours.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(ours))
    (tmp_path / "full").mkdir()
    with pytest.raises(RunError) as caught:
        record.write(make_run(tmp_path / "full" / "run"), save_elsewhere)
    kept = tmp_path / "room" / "run"
    assert str(caught.value).endswith(
        f'\nThe run with its model is in "{kept}": move it to where there is room'
    )
    assert record.read(kept) == replace(make_run(kept), folder=kept)
    assert list((tmp_path / "full").iterdir()) == []


def test_nothing_is_there_under_the_name_while_the_run_is_written(tmp_path: Path) -> None:
    seen = []

    def look(path: Path) -> None:
        seen.append((tmp_path / "run").exists())
        save_model(path)

    record.write(make_run(tmp_path / "run"), look)
    assert seen == [False]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    file.write_text("mine")
    for place, what in ((folder, "is not empty"), (file, "is a file")):
        for refused in (record.check_free, written):
            with pytest.raises(RunError) as caught:
                refused(place)
            assert str(caught.value) == (
                f'the output folder "{place}" {what}; nothing is overwritten: choose another with '
                "--out, or move it away"
            )
    assert (folder / "mine.txt").read_text() == file.read_text() == "mine"


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "deep" / "run"
    with pytest.raises(RunError) as caught:
        record.check_free(place)
    assert str(caught.value) == (
        f'cannot write the output folder "{place}": "{tmp_path / "file"}" is not a folder that may '
        "be written to; choose another with --out"
    )


def test_a_free_place_may_lie_in_folders_that_are_not_there_yet(tmp_path: Path) -> None:
    record.check_free(tmp_path / "new" / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_run_says_what_to_give(tmp_path: Path) -> None:
    for place, what in ((tmp_path, "has no run.json"), (tmp_path / "no", "does not exist")):
        with pytest.raises(RunError) as caught:
            record.read(place)
        assert str(caught.value) == (
            f'"{place}" {what}, so it is not a run folder: give the folder that '
            "`vgg-transfer train` wrote (its --out)"
        )


def test_a_file_given_for_a_run_is_not_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RunError) as caught:
        record.read(written(tmp_path / "run").model_file)
    assert "does not exist" not in str(caught.value)


Damage = Callable[[bytes], bytes]


def without_seed(content: bytes) -> bytes:
    facts = json.loads(content)
    del facts["seed"]
    return json.dumps(facts).encode()


@pytest.mark.parametrize(
    ("name", "damage", "what"),
    [
        ("run.json", lambda content: content[:-20], "line "),
        ("run.json", lambda _: b"", "Expecting value"),
        ("run.json", lambda _: b"null", "a JSON object is expected, received null"),
        ("run.json", without_seed, "the run: 'seed' is missing"),
        (
            "run.json",
            lambda content: content.replace(b'"seed"', b'"sead"'),
            "the run: 'seed' is missing, 'sead' is unknown",
        ),
        (
            "run.json",
            lambda content: content.replace(b'"device"', b'"divice"'),
            "environment: 'device' is missing, 'divice' is unknown",
        ),
        (
            "run.json",
            lambda content: content.replace(b'"format"', b'"from"'),
            "'format' is missing",
        ),
        ("recipe.toml", lambda content: b"siez = 3\n" + content, 'the recipe file "'),
        ("metrics.json", lambda content: content[: len(content) // 2], "line "),
        ("metrics.json", lambda _: b"[1]", "a JSON object is expected, received a list of 1"),
        ("metrics.json", lambda _: b'{"images": 1}', "keys missing or unknown: accuracy"),
        (
            "history.csv",
            lambda content: content.replace(b"512.0", b"many"),
            'line 2: peak_memory_mb: a number is expected, received "many"',
        ),
        ("history.csv", lambda content: content + b"3,4\r\n", "line 4: "),
        (
            "predictions.csv",
            lambda content: content + b"b/3.png,test\r\n",
            "line 4: 2 cells, 6 are",
        ),
        ("images.csv", lambda content: content + b"b/3.png,test\r\n", "line 5: 2 cells, 6 are"),
        # An opened quote that is never closed makes one field of all that follows.
        ("images.csv", lambda _: IMAGE_HEADER + b'"' + b"x" * 140_000, "line 2: field larger than"),
    ],
)
def test_damage_names_the_folder_the_file_and_what_is_wrong_in_it(
    tmp_path: Path, name: str, damage: Damage, what: str
) -> None:
    folder = written(tmp_path / "run").folder
    (folder / name).write_bytes(damage((folder / name).read_bytes()))
    with pytest.raises(RunError) as caught:
        record.read(folder)
    assert str(caught.value).startswith(f'the run folder "{folder}" is damaged: {name}: ')
    assert what in str(caught.value)


@pytest.mark.parametrize(
    "name", ["recipe.toml", "metrics.json", "history.csv", "predictions.csv", "images.csv"]
)
def test_a_missing_file_is_damage(tmp_path: Path, name: str) -> None:
    folder = written(tmp_path / "run").folder
    (folder / name).unlink()
    with pytest.raises(RunError, match=f"is damaged: {name}: .*No such file or directory"):
        record.read(folder)


@pytest.mark.parametrize("number", [3, 0, "2", None, True])
def test_another_version_is_not_called_damage(tmp_path: Path, number: object) -> None:
    folder = written(tmp_path / "run").folder
    file = folder / "run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": number}))
    with pytest.raises(RunError) as caught:
        record.read(folder)
    assert str(caught.value) == (
        f'"{folder}" was written by another version of vgg-transfer (format {number}, and this '
        "version reads 1 to 2): read it with the version that wrote it, or train again"
    )


def test_a_name_that_nothing_can_have_is_refused_before_the_training(tmp_path: Path) -> None:
    place = tmp_path / ("x" * 300)
    with pytest.raises(RunError) as caught:
        record.check_free(place)
    assert str(caught.value) == (
        f'cannot write the output folder "{place}": file name too long; choose another with --out'
    )


def test_the_longest_name_of_wide_letters_can_be_written(tmp_path: Path) -> None:
    assert record.read(written(tmp_path / ("ü" * 127)).folder)
