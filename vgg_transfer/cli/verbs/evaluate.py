"""``vgg-transfer evaluate``: how good a run is, on its own held-out images or on others."""

from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options.averaging import Calibrated, Tta, averaging_of
from vgg_transfer.cli.options.source import SOURCES, Fixes, TfdsDir


def evaluate(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` wrote.")
    ],
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="DATA",
            help=f"Other images, their test split or all of them: {SOURCES}. "
            "[default: the images held out from the run]",
        ),
    ] = None,
    fixes: Fixes = None,
    tfds_dir: TfdsDir = None,
    tta: Tta = None,
    calibrated: Calibrated = False,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Judge a run on its held-out images, or on others."""
    from vgg_transfer import run as record
    from vgg_transfer.run.refusing import check_model

    found = record.read(run)
    check_model(found)

    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.json.answers import EvaluateAnswer
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.cli.display.metrics import show_metrics, warn_unfinished
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.deploy import evaluate as evaluate_run
    from vgg_transfer.recipe import averaging_in_words

    averaging = averaging_of(tta)
    screen = open_screen(as_json)
    with counting(screen, "evaluates") as listen:
        evaluation = evaluate_run(found, data, averaging, tfds_dir, listen, fixes, calibrated)
    what = {"test": "the test images", "val": "the validation images", "all": "all images"}
    screen.note("run", [str(run)])
    warn_unfinished(screen, found)
    screen.cautions(evaluation.cautions)
    also = averaging_in_words(evaluation.averaging)
    judged = f"{what[evaluation.judged_on]} of {evaluation.source}{also}"
    show_metrics(screen, evaluation.metrics, judged)
    if evaluation.calibrated is not None:
        screen.note("calibrated", evaluation.calibrated.sentences, width=11)
    screen.answer(
        EvaluateAnswer(
            found.folder.absolute(),
            evaluation.source,
            evaluation.judged_on,
            None if evaluation.averaging == "none" else evaluation.averaging,
            evaluation.metrics,
            evaluation.cautions,
            evaluation.calibrated,
        )
    )
