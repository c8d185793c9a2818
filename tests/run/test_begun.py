"""A run folder from the beginning of a training: held, kept, and never overwritten."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from support.killed import Killed, drawn_run, killed_run, progress

from vgg_transfer.errors import RunError
from vgg_transfer.run import Checkpoint, begun, check_free, keep_checkpoint, read, write
from vgg_transfer.sweeping import is_held


def begins(folder):
    return replace(drawn_run(folder.with_name("drawn")), folder=folder, stages=(), history=())


def test_the_folder_is_there_from_the_beginning_and_held(tmp_path):
    with begun(begins(tmp_path / "run")) as run:
        assert read(run.folder).status == "running"
        assert is_held(run.folder)
        ended = write(replace(run, status="complete"), lambda path: path.write_bytes(b"model"))
    assert read(ended.folder).status == "complete"
    assert not is_held(run.folder)


def test_what_breaks_off_before_anything_was_kept_leaves_nothing(tmp_path):
    with pytest.raises(RunError) as broken, begun(begins(tmp_path / "run")):
        raise RunError("no")
    assert not (tmp_path / "run").exists()
    assert not hasattr(broken.value, "__notes__")


@pytest.mark.parametrize("error", [RunError("no"), OSError(28, "full"), KeyboardInterrupt()])
def test_what_breaks_off_later_says_how_to_go_on(error, tmp_path):
    place = tmp_path / "my run"

    def train():
        with begun(begins(place)) as run:
            keep_checkpoint(run.folder, Checkpoint(progress()))
            raise error

    with pytest.raises(type(error)) as broken:
        train()
    assert broken.value.__notes__ == [
        "What was trained is kept. Once nothing is in the way any more, go on: "
        f"`vgg-transfer resume '{place}'`"
    ]
    assert read(place).status == "running"


def test_a_full_disk_at_the_very_end_says_how_to_go_on(tmp_path):
    def full(path):
        raise OSError(28, "No space left on device", str(path))

    def train():
        with begun(begins(tmp_path / "run")) as run:
            keep_checkpoint(run.folder, Checkpoint(progress(), {"weights/a": np.ones(2)}))
            write(replace(run, status="complete"), full)

    with pytest.raises(RunError, match="cannot write the run folder") as broken:
        train()
    assert "What was trained is kept" in broken.value.__notes__[0]
    assert read(tmp_path / "run").status == "running"


def test_a_finished_training_has_no_checkpoint_and_no_note(tmp_path):
    def train():
        with begun(begins(tmp_path / "run")) as run:
            keep_checkpoint(run.folder, Checkpoint(progress()))
            write(replace(run, status="failed"), None)
            raise Killed

    with pytest.raises(Killed) as broken:
        train()
    assert not list((tmp_path / "run").glob("checkpoint*"))
    assert not hasattr(broken.value, "__notes__")


def test_an_unfinished_run_is_not_overwritten_and_says_how_to_go_on(tmp_path):
    run = killed_run(tmp_path / "my run")
    with pytest.raises(RunError) as refused:
        check_free(run.folder)
    assert str(refused.value) == (
        f'the output folder "{run.folder}" holds a training that is not finished: go on with it by '
        f"`vgg-transfer resume '{run.folder}'`, choose another folder with --out, or move it away"
    )


def test_a_finished_run_is_never_overwritten(tmp_path):
    run = drawn_run(tmp_path / "run")
    before = {file: file.read_bytes() for file in run.folder.iterdir()}
    for refused in (lambda: check_free(run.folder), lambda: begun(run).__enter__()):
        with pytest.raises(RunError, match="is not empty; nothing is overwritten"):
            refused()
    assert {file: file.read_bytes() for file in run.folder.iterdir()} == before


@pytest.mark.skipif(os.name == "nt", reason="needs locks of Unix")
def test_two_programs_do_not_train_in_one_folder(tmp_path):
    with begun(begins(tmp_path / "run")) as run:
        keep_checkpoint(run.folder, Checkpoint(progress()))
        with pytest.raises(RunError) as refused:
            begun(run).__enter__()
        assert str(refused.value) == (
            f'the run folder "{run.folder}" is in use: another program is training in it right '
            "now. Wait for it"
        )
        write(replace(run, status="complete"), lambda path: path.write_bytes(b""))


def test_results_of_an_earlier_end_do_not_count_while_it_runs(tmp_path):
    run = drawn_run(tmp_path / "run")
    facts = json.loads((run.folder / "run.json").read_text())
    (run.folder / "run.json").write_text(json.dumps(facts | {"status": "running"}))
    found = read(run.folder)
    assert (found.metrics, found.history, found.judged) == (None, (), ())
