"""``predict --watch``: what is told of files as they arrive, and how it ends."""

import time
from contextlib import ExitStack

import pytest

from vgg_transfer.cli.display.screen import open_screen
from vgg_transfer.cli.json.answers import Likely, PredictedFile
from vgg_transfer.cli.prediction_files import Form
from vgg_transfer.cli.watching import growing, watch
from vgg_transfer.errors import RunError

CAT = PredictedFile("a.png", "cat", (Likely("cat", 0.75),), None)
BAD = PredictedFile("=b.png", None, (), "empty file")
HEAD = "path,class,probability,error"


def add_to(out, *rows, raw=False):
    with growing(out, Form(1), raw) as table:
        for row in rows:
            table.add(row)
            assert out.read_text().endswith("\n")  # each row is there when it is added
        return table.told


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_table_grows_by_whole_rows_and_is_gone_on_with(tmp_path, ending):
    out = tmp_path / f"found.{ending}"
    assert add_to(out, CAT, BAD) == set()
    before = out.read_text()
    assert add_to(out) >= {"a.png", "=b.png"}
    out.write_text(before + "torn, and no whole row")
    add_to(out, CAT)
    assert out.read_text() == before + before.splitlines(keepends=True)[-2]


def test_a_csv_is_that_of_predict(tmp_path):
    add_to(tmp_path / "found.csv", CAT, BAD)
    assert (tmp_path / "found.csv").read_text().splitlines() == [
        HEAD,
        "a.png,cat,0.75,",
        "'=b.png,,,empty file",
    ]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.csv", "path,class\r\n", "has other columns than are asked for: name another file"),
        ("a.jsonl", '{"a": 1}\n', "holds other lines than predictions: name another file"),
        ("a.csv", "a note", "holds something else than predictions: name another file"),
        ("a.jsonl", "no json\n", "holds other lines than predictions: name another file"),
    ],
)
def test_another_table_is_refused_and_stays_as_it_is(tmp_path, name, content, fault):
    (tmp_path / name).write_text(content)
    with pytest.raises(RunError) as caught:
        add_to(tmp_path / name, CAT)
    assert str(caught.value) == f'"{tmp_path / name}" {fault}'
    assert (tmp_path / name).read_bytes() == content.encode()


@pytest.fixture
def watched(tmp_path, monkeypatch, capsys):
    """Watch a folder in which something happens between two looks, until nothing is left to do."""

    def run(happenings, as_json=False, out=None):
        folder, left = tmp_path / "in", iter(happenings)
        folder.mkdir(exist_ok=True)

        def wait(_):
            act = next(left, None)
            if act is None:
                raise KeyboardInterrupt
            act(folder)

        monkeypatch.setattr(time, "sleep", wait)

        def answer(pictures):
            return (PredictedFile(one.path.name, "cat", CAT.top, None) for one in pictures)

        screen = open_screen(as_json)
        with ExitStack() as open_table:
            table = out and open_table.enter_context(growing(out, Form(1), False))
            with pytest.raises(KeyboardInterrupt):
                watch(folder, answer, screen, out, table)
        return capsys.readouterr()

    return run


def nothing(_):
    pass


def arrives(name):
    return lambda folder: (folder / name).write_text(f"{name}, {time.monotonic()}")


def test_files_are_told_of_as_they_arrive_until_ctrl_c(watched, tmp_path):
    told = watched([arrives("a.png"), nothing, arrives("b.png"), nothing, nothing])
    assert told.out.splitlines() == ["a.png: cat 75.0%", "b.png: cat 75.0%"]
    assert told.err.splitlines() == [
        f'watches "{tmp_path / "in"}" until Ctrl-C',
        "2 files answered for",
    ]


def test_a_program_reads_a_line_for_each(watched):
    assert watched([arrives("a.png"), nothing], as_json=True).out == (
        '{"path": "a.png", "class": "cat", "top": [{"class": "cat", "probability": 0.75}], '
        '"error": null}\n'
    )


def test_the_table_may_lie_in_the_folder(watched, tmp_path):
    out = tmp_path / "in" / "found.csv"
    out.parent.mkdir()
    watched([arrives("a.png"), nothing, nothing, nothing], out=out)
    assert out.read_text().splitlines() == [HEAD, "a.png,cat,0.75,"]
