"""What ``predict`` does: files are answered for one after another, and kept, shown or both."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from vgg_transfer.cli.display.predictions import (
    more_than_shown,
    reasons_of,
    show_table,
    speed_of,
)
from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.display.training import counting
from vgg_transfer.cli.json.answers import PredictedFile
from vgg_transfer.cli.prediction_asked import Asked, answering
from vgg_transfer.cli.prediction_files import as_json, write
from vgg_transfer.cli.prediction_journal import Journal, Tally, journal_for
from vgg_transfer.cli.watching import growing, watch
from vgg_transfer.errors import ImageSetError
from vgg_transfer.events import nobody
from vgg_transfer.images.pictures import Given
from vgg_transfer.interrupting import ctrl_c_between_batches
from vgg_transfer.sweeping import temporary_folder
from vgg_transfer.words import counted

_SHOWN = 20  # classes


def predict_files(
    pictures: Iterable[Given],
    out: Path | None,
    go_on: bool,
    asked: Asked,
    raw: bool,
    screen: Screen,
) -> None:
    """Write or show what is on pictures, in the memory of a few batches.

    Args:
        pictures: what is predicted.
        out: the file to write; None shows a table.
        go_on: whether what is written of this file is gone on with.
        asked: whose model is asked, and for what.
        raw: whether names stand in a CSV as they are.
        screen: where a person or a program reads.

    Raises:
        ImageSetError: none of the files is an image.
    """
    folder = asked.folder.absolute()
    with ExitStack() as until_written:
        journal = None
        if out is not None:
            journal = until_written.enter_context(journal_for(out, asked.decides, go_on))
        elif screen.as_json:
            passing = until_written.enter_context(temporary_folder()) / "answers"
            journal = until_written.enter_context(journal_for(passing, asked.decides, None))
        asked.load()
        tally = Tally() if journal is None else journal.tally
        before, began = tally.files, time.monotonic()
        _answer(pictures, asked, tally, journal, screen)
        seconds = time.monotonic() - began
        asked.warn(screen)
        if tally.unreadable == tally.files:
            raise ImageSetError("\n".join(["none of the files is an image:", *reasons_of(tally)]))
        if journal is not None and out is not None:
            write(out, folder, journal.rows(), asked.form, raw)
        _sum_up(tally, out, screen)
        if journal is not None and screen.as_json:
            for piece in as_json(folder, journal.rows()):
                sys.stdout.write(piece)
    print(speed_of(tally.files - before, seconds), file=sys.stderr)


def watch_folder(folder: Path, out: Path | None, asked: Asked, raw: bool, screen: Screen) -> None:
    """Tell what is on files as they arrive in a folder, until Ctrl-C.

    Args:
        folder: what is watched.
        out: a table that grows by a row for each file.
        asked: whose model is asked, and for what.
        raw: whether names stand in a CSV as they are.
        screen: where a line is written for each file.
    """
    asked.load()
    asked.warn(screen)
    answer = answering(asked, nobody)
    if out is None:
        watch(folder, answer, screen, None, None)
        return
    with growing(out, asked.form, raw) as table:
        watch(folder, answer, screen, out, table)


def _answer(
    pictures: Iterable[Given], asked: Asked, tally: Tally, journal: Journal | None, screen: Screen
) -> None:
    """Answer for all pictures; Ctrl-C waits until an answer is written down."""
    with counting(screen, "predicts") as listen, ctrl_c_between_batches() as ask:
        answer = answering(asked, listen)

        def each() -> Iterator[PredictedFile]:
            for row in answer(pictures if journal is None else journal.left(pictures)):
                tally.count(row)
                yield row
                ask()

        if journal is None:
            show_table(screen, each(), asked.form.asked)
            return
        for row in each():
            journal.add(row)


def _sum_up(tally: Tally, out: Path | None, screen: Screen) -> None:
    """Say how many images each class has, what cannot be read, and where all is written."""
    if out is not None:
        classes = tally.classes.most_common(_SHOWN)
        lines = [f"{name}: {counted(count, 'image')}" for name, count in classes]
        screen.note("found", [*lines, *more_than_shown(len(tally.classes))])
    if tally.unreadable:
        files = counted(tally.files, "file")
        screen.say(f"\n{tally.unreadable} of {files} cannot be read:", "yellow")
        screen.say("\n".join(reasons_of(tally)))
    if out is not None:
        screen.note("saved in", [str(out)])
