"""The program as a shell sees it: its names, its exit codes, what is on stdout."""

import os
import subprocess
import sys

import pytest
from support.answers import checked

from vgg_transfer import recipe as recipes
from vgg_transfer import run as record
from vgg_transfer.cli import main


def shell(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "vgg_transfer", *map(str, arguments)],
        # Libraries that were loaded here may have set the level of what TensorFlow writes.
        env={name: one for name, one in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_module_is_the_program():
    ended = shell("--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith("Usage: vgg-transfer ")
    for verb in ("train", "compare", "evaluate", "predict", "recipes", "sample"):
        assert f"\n  {verb} " in ended.stdout


def test_train_prints_one_json_object_and_nothing_else(tiny_recipe, tiny_folder, tmp_path):
    file, out = tmp_path / "my recipe.toml", tmp_path / "my run"
    file.write_text(recipes.to_toml(tiny_recipe), encoding="utf-8")
    ended = shell("train", tiny_folder, "--recipe", file, "--out", out, "--json")
    assert ended.returncode == 0, ended.stderr
    answer = checked("train", ended.stdout)
    run = record.read(out)
    assert answer == {
        "run": str(out),
        "status": "complete",
        "judged_on": "test",
        "metrics": run.metrics.to_dict(),
        "seconds": run.seconds,
        "stages": [vars(stage) for stage in run.stages],
        "advice": [],
        "findings": [vars(finding) for finding in run.findings],
    }
    # What a person reads is on stderr: no control characters, and nothing of TensorFlow's own.
    assert not {"\x1b", "\r"} & set(ended.stderr)
    assert ended.stderr.startswith("recipe    tiny")
    assert f"\n  vgg-transfer evaluate '{out}'\n" in ended.stderr
    assert "0000 00:00:" not in ended.stderr


def test_an_error_with_json_leaves_stdout_empty(tmp_path):
    ended = shell("evaluate", tmp_path / "[gone]", "--json")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f'error: "{tmp_path}/[gone]" does not exist')


def test_ctrl_c_anywhere_is_one_line_and_130(monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(recipes, "names", interrupted)
    with pytest.raises(SystemExit) as leaving:
        main(["recipes"])
    assert leaving.value.code == 130
    assert capsys.readouterr() == ("", "interrupted\n")


def test_the_version(capsys):
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out.startswith("vgg-transfer 0.")
