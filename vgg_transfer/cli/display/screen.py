"""Where text goes: to a person on stdout, or beside one JSON object on stdout to stderr."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from vgg_transfer.words import printable

_LABEL_WIDTH = 9


@dataclass(frozen=True)
class Screen:
    """What a verb writes on. A user's text is never read as markup and never cut off."""

    console: Console
    as_json: bool

    def say(self, text: str = "", style: str = "") -> None:
        """Write one or more lines as they are, but for what would move the cursor."""
        lines = "\n".join(map(printable, text.split("\n")))
        self.console.print(Text(lines, style), soft_wrap=True)

    def note(
        self, label: str, lines: Iterable[str], style: str = "dim", width: int = _LABEL_WIDTH
    ) -> None:
        """Write lines beside a label that stands once: ``images   1200 images in …``."""
        for number, line in enumerate(lines):
            beside = Text(f"{'' if number else label:<{width}}", style)
            grid = Table.grid(Column(no_wrap=True), Column(overflow="fold"), padding=(0, 1, 0, 0))
            grid.add_row(beside, Text(printable(line)))
            self.console.print(grid)

    def cautions(self, sentences: Iterable[str]) -> None:
        """Write what a careful reader should know, so that it is seen."""
        self.note("caution", sentences, "bold yellow")

    def answer(self, value: object) -> None:
        """Print the one JSON object, a value of ``cli.json``, where JSON is wanted."""
        if self.as_json:
            from vgg_transfer.cli.json import as_text

            print(as_text(value))


def open_screen(as_json: bool, speaks: bool = True) -> Screen:
    """Return where a verb writes; lines in files and pipes are as long as they need to be.

    Args:
        as_json: whether stdout is for one JSON object.
        speaks: False where another process writes the same. [default: True]
    """
    console = Console(stderr=as_json, highlight=False, markup=False, emoji=False, quiet=not speaks)
    if not console.is_terminal:
        console.width = 10_000
    return Screen(console, as_json and speaks)


def near(path: Path) -> Path:
    """Return a path as a person here would write it: relative where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
