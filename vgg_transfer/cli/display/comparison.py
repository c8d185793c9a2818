"""How a comparison looks on the screen, and its figure."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from vgg_transfer.cli.display.screen import Screen, near
from vgg_transfer.comparison import Comparison, Standing
from vgg_transfer.errors import ComparisonError
from vgg_transfer.words import duration, printable
from vgg_transfer.writing import whole_file

_KINDS = ("png", "svg")
_IMAGES = {"test": "held-out test images", "val": "validation images"}


def show_comparison(screen: Screen, comparison: Comparison) -> None:
    """Write the table, the verdict, which recipe to take, and what a reader should know."""
    screen.say()
    if comparison.standings:
        images = f"{comparison.test_images:,} {_IMAGES[comparison.judged_on]}"
        screen.say(f"accuracy on {images}, and what it costs", "bold")
        screen.console.print(_table(comparison))
        screen.say()
    screen.note("verdict", comparison.verdicts, "bold")
    if comparison.ending is not None and comparison.ending.looks:
        screen.note("looks", [comparison.ending.sentence])
    screen.cautions(comparison.notes)
    if comparison.recommendation:
        screen.say()
        screen.say(f"* {printable(comparison.recommendation)}", "bold green")
    if comparison.folder is not None:
        screen.say()
        screen.note("saved in", [str(near(comparison.folder.absolute()))])


def draw(comparison: Comparison, folder: Path) -> None:
    """Write comparison.png and comparison.svg: accuracy against seconds."""
    from vgg_transfer.report.figures.plots import accuracy_against_cost, write_figure

    figure = accuracy_against_cost(comparison)
    for kind in _KINDS:
        file = folder / f"comparison.{kind}"
        try:
            with whole_file(file) as partial:
                write_figure(figure, partial, kind)
        except OSError as error:
            raise ComparisonError(f'cannot write "{file}": {error.strerror or error}') from error


def _table(comparison: Comparison) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for head in ("recipe", "accuracy", "95% interval", "over seeds", "seeds", "time", "memory"):
        table.add_column(head, justify="left" if head == "recipe" else "right")
    for one in comparison.standings:
        is_recommended = one.name == comparison.recommended
        name = f"{printable(one.name)} *" if is_recommended else printable(one.name)
        cells = [Text(cell) for cell in (name, *_cells(one, len(comparison.seeds)))]
        table.add_row(*cells, style="bold green" if is_recommended else "")
    return table


def _cells(one: Standing, seeds: int) -> tuple[str, ...]:
    finished = len(one.by_seed)
    return (
        f"{one.accuracy:.1%}",
        f"{one.interval.low:.1%} to {one.interval.high:.1%}",
        "unknown" if one.deviation is None else f"± {100 * one.deviation:.1f}",
        f"{finished}" if finished == seeds else f"{finished} of {seeds}",
        duration(one.seconds),
        f"{one.peak_memory_mb / 1000:.1f} GB" if one.peak_memory_mb else "unknown",
    )
