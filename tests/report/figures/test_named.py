"""Figures by name, and those that a run folder gets."""

from PIL import Image

from vgg_transfer.report.figures.named import draw_into_folder


def test_a_run_folder_gets_its_history_and_its_mistakes(a_run):
    run = a_run()
    run.folder.mkdir()
    assert draw_into_folder(run) == ""
    assert {file.name for file in run.folder.iterdir()} == {"history.png", "confusion.png"}
    with Image.open(run.folder / "confusion.png") as picture:
        assert picture.format == "PNG"


def test_what_there_is_not_is_not_drawn(a_run):
    run = a_run(stages=(), metrics=None, status="interrupted")
    run.folder.mkdir()
    assert draw_into_folder(run) == ""
    assert list(run.folder.iterdir()) == []


def test_a_figure_that_cannot_be_written_takes_nothing_away(a_run):
    """The folder is gone: a training that is done says so, and that is all."""
    assert draw_into_folder(a_run()).startswith("history.png is not there: [Errno 2] No such file")
