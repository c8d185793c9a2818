"""How an evaluation looks on the screen."""

from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.evaluation import Metrics, cautions, describe, table
from vgg_transfer.run import Run


def show_metrics(screen: Screen, metrics: Metrics, what: str) -> None:
    """Write the result in one line, its cautions, and the classes; ``what`` names the images."""
    screen.note("result", [f"on {what}: {describe(metrics)}"], "bold")
    screen.cautions(cautions(metrics))
    screen.say()
    screen.say(table(metrics))
    screen.say()


def warn_unfinished(screen: Screen, run: Run) -> None:
    """Say so where a run's training did not come to its end."""
    if run.status != "complete":
        screen.cautions([f"The training of this run did not come to its end: {run.status}."])
