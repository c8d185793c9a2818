"""``vgg-transfer resume``: a training that was stopped goes on, or a finished one gets epochs."""

from pathlib import Path
from typing import Annotated

import typer

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.options import recipe as recipe_options
from vgg_transfer.cli.options import spread as spread_options


def resume(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="Folder that `vgg-transfer train` began.")
    ],
    extend: Annotated[
        int,
        typer.Option(metavar="N", help="Add N epochs to the last stage: another recipe's result."),
    ] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="With --extend, of a finished run: folder for the new run. "
            "[default: RUN-extended]",
        ),
    ] = None,
    devices: spread_options.DevicesText = None,
    hosts: spread_options.HostsText = None,
    as_json: recipe_options.AsJson = False,
) -> None:
    """Go on with a training that was killed or interrupted, where it was left.

    On a processor it ends with the same weights, bit for bit, as if it had never been stopped. It
    goes on only where images, recipe, starting weights and packages are those that it began with.
    """
    from vgg_transfer import run as record
    from vgg_transfer.cli.display.screen import near, open_screen
    from vgg_transfer.cli.json.trainings import TrainAnswer
    from vgg_transfer.cli.quiet import load_tensorflow
    from vgg_transfer.run.refusing import check_resumable

    found = record.read(run)
    check_resumable(found, extend, out)
    wanted_devices = spread_options.devices_of(devices)
    with spread_options.joined(hosts) as processes:
        screen = open_screen(as_json, processes is None or processes.is_first)
        screen.note("resumes", [str(near(found.folder))])
        about = found.recipe.description or "no description"
        screen.note("recipe", [f"{found.recipe.name}: {about}"])

        load_tensorflow()
        from vgg_transfer.cli.display.result import show_trained
        from vgg_transfer.cli.display.training import TrainingDisplay
        from vgg_transfer.training import resume as go_on

        with TrainingDisplay(screen) as display:
            ended = go_on(found, extend, out, display, wanted_devices, hosts)
        if processes is not None and not processes.is_first:
            return
        show_trained(screen, ended)
        screen.answer(TrainAnswer.of(ended))
        if ended.status == "interrupted":
            raise typer.Exit(INTERRUPTED)
