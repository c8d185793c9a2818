"""``predict`` at a terminal: files that are gone on with, lists, patterns, and wrong usage."""

import io
import sys

import pytest

from vgg_transfer.cli import main
from vgg_transfer.cli.prediction_journal import Journal


@pytest.fixture
def ended(monkeypatch, capsys):
    """Run a command that Ctrl-C ends after some files; return what was said."""

    def run(*arguments, after):
        add, done = Journal.add, []

        def until(journal, row):
            add(journal, row)
            done.append(row)
            if len(done) == after:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Journal, "add", until)
            with pytest.raises(SystemExit) as leaving:
                main([str(argument) for argument in arguments])
        assert leaving.value.code == 130
        return capsys.readouterr().err

    return run


@pytest.fixture
def typed(monkeypatch):
    """Put bytes on standard input."""

    def put(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return put


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_is_gone_on_with_to_the_same_end(
    ran, ended, tiny_run, tiny_folder, tmp_path, ending
):
    pytest.importorskip("pyarrow")
    out, whole = tmp_path / f"found.{ending}", tmp_path / f"whole.{ending}"
    command = ("predict", tiny_run.folder, tiny_folder, "--out", out)
    ran("predict", tiny_run.folder, tiny_folder, "--out", whole)
    said = ended(*command, after=7)
    assert "interrupted\n7 files answered for: the same command with --continue" in said
    assert not out.exists()
    assert "go on with the same command and --continue" in ran(*command, code=1)
    other = ran(*command, "--continue", "--top", "2", code=1)
    assert "was begun with top 1, and this is 2: ask as then" in other
    assert "saved in" in ran(*command, "--continue")
    assert out.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {out.name, whole.name}


def test_a_list_on_standard_input(ran, typed, tiny_run, tiny_folder):
    names = [tiny_folder / "red" / "01.png", tiny_folder / "gone.png", tiny_folder / "blue"]
    typed("\n".join(map(str, names)).encode())
    lines = ran("predict", tiny_run.folder, "-").splitlines()
    assert len(lines) == 1 + 1 + 12 + 3
    assert lines[1].startswith(str(names[0]))
    assert lines[-1] == f'  "{names[1]}": no such file'


def test_the_bytes_of_a_picture_on_standard_input(ran, typed, tiny_run, tiny_folder):
    file = tiny_folder / "red" / "01.png"
    typed(file.read_bytes())
    _, line = ran("predict", tiny_run.folder, "-").splitlines()
    _, same = ran("predict", tiny_run.folder, file).splitlines()
    assert line.split() == ["standard", "input", *same.removeprefix(str(file)).split()]


def test_patterns_are_matched_where_the_shell_has_not(ran, tiny_run, tiny_folder, capsys):
    lines = ran("predict", tiny_run.folder, tiny_folder / "**" / "0[01].png").splitlines()
    assert len(lines) == 1 + 2 * 2


def test_how_fast_it_was_is_said_where_no_program_reads(tiny_run, tiny_folder, capsys):
    with pytest.raises(SystemExit):
        main(["predict", str(tiny_run.folder), str(tiny_folder), "--json"])
    assert "24 images in " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ([], "give PATHS, or --watch DIR in their place"),
        (["a.png", "--watch", "."], "give PATHS, or --watch DIR in their place"),
        (["-", "a.png"], "- stands alone"),
        (["a.png", "--continue"], "--continue goes on with a file"),
        (["--watch", ".", "--out", "a.json"], "with --watch a file grows by lines"),
        (["--watch", "no folder"], "'no folder' does not exist"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(ran, options, fault):
    assert fault in ran("predict", "run", *options, code=2)
