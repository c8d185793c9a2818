"""``vgg-transfer runs``: every run folder is a line, whatever state it is in."""

import json
import subprocess
import sys

import pytest
from rich.console import Console
from support.answers import checked
from support.killed import drawn_run, killed_run

from vgg_transfer.cli.display import screen
from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.run import begun


@pytest.fixture
def place(tmp_path):
    """A folder with a run in every state but ``running``."""
    folder = tmp_path / "my runs"
    drawn_run(folder / "a")
    killed_run(folder / "reproduce" / "killed")
    drawn_run(folder / "failed", "wide", status="failed")
    drawn_run(folder / "pressed", "wide", status="interrupted")
    (folder / "bad").mkdir()
    (folder / "bad" / "run.json").write_text('{"format": 2')
    drawn_run(folder / "compared" / "trials" / "a-seed0")
    (folder / "photos").mkdir()
    (folder / "photos" / "run.txt").write_text("mine")
    (folder / ".hidden").mkdir()
    drawn_run(folder / ".hidden" / "trial")
    return folder


def lines_of(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def test_each_run_is_a_line_with_what_to_do_next(ran, place):
    assert lines_of(ran("runs", place)) == [
        "run state recipe images accuracy time",
        "a complete tiny 8/10/40 90.0% [76.9, 96.0] 10.0 s",
        "bad damaged",
        "failed failed wide 8/10/40 10.0 s",
        "pressed interrupted wide 8/10/40 10.0 s",
        "reproduce/killed stopped tiny 8/10/40 1 min 01 s",
        "reproduce/killed-whole complete tiny 8/10/40 90.0% [76.9, 96.0] 10.0 s",
        "",
        f'damaged the run folder "{place}/bad" is damaged: run.json: '
        "Expecting ',' delimiter: line "
        "1 column 13 (char 12). Put back a copy of the file, or train again; the model itself is "
        "in model.keras, with the names of its classes",
        "",
        "To go on with what is not finished:",
        f"vgg-transfer resume '{place}/pressed'",
        f"vgg-transfer resume '{place}/reproduce/killed'",
    ]


def test_json_holds_the_same(ran, place):
    answer = checked("runs", ran("runs", place, "--json"))
    assert answer["folder"] == str(place)
    whole, bad, *_, killed, _ = answer["runs"]
    assert (whole["state"], whole["recipe"], whole["seconds"]) == ("complete", "tiny", 10.0)
    assert whole["images"] == {"train": 8, "val": 10, "test": 40}
    assert (whole["judged_on"], whole["accuracy"], whole["next"]) == ("test", 0.9, "")
    assert whole["accuracy_interval"]["level"] == 0.95
    assert (bad["state"], bad["recipe"], bad["accuracy"]) == ("damaged", None, None)
    assert "is damaged: run.json" in bad["damage"]
    assert killed["state"] == "stopped"
    assert killed["next"] == f"vgg-transfer resume '{place}/reproduce/killed'"


def test_a_run_that_a_program_trains_in_is_running_and_left_alone(ran, tmp_path):
    run = killed_run(tmp_path / "runs" / "tiny")
    with begun(run):
        (found, _) = checked("runs", ran("runs", tmp_path / "runs", "--json"))["runs"]
    assert (found["state"], found["next"]) == ("running", "")


def test_a_run_folder_is_listed_alone_and_a_comparison_by_its_own_folder(ran, place):
    assert lines_of(ran("runs", place / "a"))[1].startswith("a complete tiny")
    assert lines_of(ran("runs", place / "compared"))[1].startswith("trials/a-seed0 complete tiny")


def test_no_runs_and_no_folder_are_said(ran, tmp_path):
    (tmp_path / "empty").mkdir()
    assert ran("runs", tmp_path / "empty") == (
        f'there is no run in "{tmp_path}/empty"; `vgg-transfer train DATA` makes one\n'
    )
    assert ran("runs", tmp_path / "gone", code=1) == (
        f'error: there is no folder "{tmp_path}/gone": give the one that run folders lie in, the '
        "default is runs\n"
    )


def test_a_link_that_goes_round_in_a_circle_is_not_followed(ran, tmp_path):
    drawn_run(tmp_path / "runs" / "a")
    (tmp_path / "runs" / "round").symlink_to(tmp_path / "runs")
    assert len(lines_of(ran("runs", tmp_path / "runs"))) == 2


def test_a_name_that_moves_the_cursor_is_shown_as_escapes(ran, tmp_path):
    drawn_run(tmp_path / "runs" / "a\x1b[2Jb")
    assert r"a\x1b[2Jb complete" in lines_of(ran("runs", tmp_path / "runs"))[1]


@pytest.mark.parametrize(("columns", "lines"), [(80, 2), (120, 1)])
def test_a_narrow_terminal_folds_names_and_loses_nothing(
    columns, lines, ran, tmp_path, monkeypatch
):
    name = "exact-first-20261127-095450"
    drawn_run(tmp_path / "runs" / name, "exact-first")
    narrow = Screen(Console(width=columns, highlight=False), as_json=False)
    monkeypatch.setattr(screen, "open_screen", lambda _: narrow)
    head, *rows = ran("runs", tmp_path / "runs").splitlines()
    assert len(rows) == lines
    assert all(len(line) <= columns for line in (head, *rows))
    assert "complete" in rows[0]
    assert "90.0% [76.9, 96.0]" in rows[0]
    assert name == "".join(row[: head.index("state")].strip() for row in rows)


@pytest.mark.parametrize("arguments", [["runs", "runs"], ["show", "runs/a"]])
def test_nothing_heavy_is_loaded(arguments, tmp_path):
    drawn_run(tmp_path / "runs" / "a")
    program = (
        "import sys\nfrom vgg_transfer.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as left:\n    assert not left.code\n"
        "print(sorted({'keras', 'tensorflow', 'sklearn'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.splitlines()[-1:] == ["[]"], ended.stderr


def test_an_older_record_has_nothing_to_go_on_with(ran, tmp_path):
    file = drawn_run(tmp_path / "runs" / "a", status="interrupted").folder / "run.json"
    facts = json.loads(file.read_text())
    del facts["begun"]
    file.write_text(json.dumps(facts))
    assert len(lines_of(ran("runs", tmp_path / "runs"))) == 2
