"""Whether heat is to be trusted is measured once for a model, and again for another one."""

import shutil
from dataclasses import replace

from support.faithful import FOUND

from vgg_transfer.explanations.kept import kept_faithfulness, measured_once


def never():
    raise AssertionError("it is measured again")


def test_it_is_kept_for_its_model_and_block(tiny_run, tmp_path):
    run = replace(tiny_run, folder=tmp_path / "run")
    shutil.copytree(tiny_run.folder, run.folder)
    assert kept_faithfulness(run) is None
    assert measured_once(run, None, lambda: FOUND) == FOUND
    assert kept_faithfulness(run) == kept_faithfulness(run, "block2") == FOUND
    assert measured_once(run, None, never) == FOUND
    assert kept_faithfulness(run, "block1") is None
    (run.folder / "faithfulness.json").write_text("{")
    assert kept_faithfulness(run) is None
    other = replace(FOUND, images=40)
    assert measured_once(run, None, lambda: other) == other

    (run.folder / "model.keras").write_bytes(b"another model")
    assert kept_faithfulness(run) is None
    assert measured_once(run, None, lambda: FOUND) == FOUND  # and nothing can be kept
    assert kept_faithfulness(run) is None
