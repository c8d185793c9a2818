"""``vgg-transfer sample``: a set of cats and dogs, drawn by code, to try things on."""

import shlex
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options


def sample(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="New or empty folder for the images.")
    ],
    train: Annotated[int, typer.Option(metavar="N", help="Training images of each class.")] = 120,
    val: Annotated[int, typer.Option(metavar="N", help="Validation images of each class.")] = 40,
    test: Annotated[int, typer.Option(metavar="N", help="Test images of each class.")] = 100,
    size: Annotated[int, typer.Option(metavar="N", help="About how many pixels a side has.")] = 210,
    seed: Annotated[int, typer.Option(metavar="N", help="Decides all that is random.")] = 0,
    imbalance: Annotated[
        float, typer.Option(metavar="F", help="Problem: this many dogs per cat in train.")
    ] = 1.0,
    wrong_labels: Annotated[
        float, typer.Option(metavar="F", help="Problem: this share of train in the wrong class.")
    ] = 0.0,
    duplicates: Annotated[
        int, typer.Option(metavar="N", help="Problem: training images stored twice.")
    ] = 0,
    leaks: Annotated[
        int, typer.Option(metavar="N", help="Problem: training images copied into test.")
    ] = 0,
    broken: Annotated[
        int, typer.Option(metavar="N", help="Problem: files that are no images.")
    ] = 0,
    border: Annotated[
        bool, typer.Option("--border", help="Problem: a frame that gives the class away.")
    ] = False,
    tiny: Annotated[
        int, typer.Option(metavar="N", help="Problem: training images of a few pixels.")
    ] = 0,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Draw a set of cats and dogs to try things on.

    Same options, same images. Problems can be planted, to see what they do to a training.
    """
    from vgg_transfer.cli.display.screen import near, open_screen
    from vgg_transfer.cli.json.answers import SampleAnswer
    from vgg_transfer.sample import SampleOptions, draw_sample

    options = SampleOptions(
        train=train,
        val=val,
        test=test,
        size=size,
        seed=seed,
        imbalance=imbalance,
        wrong_labels=wrong_labels,
        duplicates=duplicates,
        leaks=leaks,
        broken=broken,
        border=border,
        tiny=tiny,
    )
    screen = open_screen(as_json)
    with screen.console.status(f"draws about {2 * (train + val + test)} images"):
        report = draw_sample(folder, options)
    problems = Counter(problem.kind for problem in report.problems)
    screen.note("sample", [f"{sum(report.counts.values())} images of cats and dogs in {folder}"])
    screen.note("files", [f"{name}: {count}" for name, count in report.counts.items()])
    screen.note("planted", [f"{kind.replace('_', ' ')}: {n}" for kind, n in problems.items()])
    screen.say(f"\n  vgg-transfer train {shlex.quote(str(near(folder)))}")
    screen.answer(SampleAnswer(folder.absolute(), report.counts, report.problems))
