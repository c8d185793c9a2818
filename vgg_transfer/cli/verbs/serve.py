"""``vgg-transfer serve``: a model behind HTTP, with a page to try it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgg_transfer.cli.options.averaging import Calibrated, Tta, averaging_of, refuse_of_artefact
from vgg_transfer.cli.options.certainty import Certain, Unfamiliar, check_certain

if TYPE_CHECKING:
    from vgg_transfer.serving.served import Served


def serve(
    run: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|ARTEFACT",
            help="Folder that `vgg-transfer train` or `vgg-transfer export` wrote.",
        ),
    ],
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Where to listen. Any address that others can reach takes --token.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0 for any free one.")
    ] = 8000,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            help="What has to be shown by whoever asks (Authorization: Bearer TOKEN). "
            "VGG_TRANSFER_TOKEN does the same, and is seen by no other user. [default: none]",
        ),
    ] = None,
    tta: Tta = None,
    calibrated: Calibrated = False,
    certain: Certain = None,
    unfamiliar: Unfamiliar = False,
    megabytes: Annotated[
        float,
        typer.Option(metavar="MB", min=0.1, max=1000, help="The most that a request may have."),
    ] = 20,
    megapixels: Annotated[
        float,
        typer.Option(metavar="MP", min=0.01, max=350, help="The most that a picture may have."),
    ] = 64,
    seconds: Annotated[
        float, typer.Option(metavar="S", min=1, max=3600, help="How long one may take to arrive.")
    ] = 30,
    waiting: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=10_000,
            help="How many pictures may wait; whoever sends more is asked to come back.",
        ),
    ] = 64,
) -> None:
    """Answer pictures over HTTP, with a page to try the model on.

    POST /predict takes pictures and answers JSON; /docs says how. Only this machine may ask, unless
    there is a token. Ctrl-C stops it when all who wait have their answer.
    """
    from vgg_transfer.places import service_token
    from vgg_transfer.serving.extra import check_extra

    check_extra()
    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.serving.refusing import Limits
    from vgg_transfer.serving.server import Server, check_token

    check_certain(certain)
    secret = service_token() if token is None else token
    check_token(host, secret)  # before TensorFlow is waited for
    served = _opened(run, tta, calibrated, certain, unfamiliar)
    limits = Limits(round(megabytes * 1e6), seconds, waiting, pixels=round(megapixels * 1e6))
    server = Server(served, host, port, secret, limits)
    screen = open_screen(False)
    screen.note("serves", [f"{served.name}: {len(served.class_names)} classes at {served.size} px"])
    screen.note("open", [server.link])
    screen.note("send", [f"curl -F file=@picture.jpg {server.link}predict"])
    screen.say("Ctrl-C stops it.", "dim")
    server.run()
    screen.say("stopped: all who waited have their answer")


def _opened(
    place: Path, tta: str | None, calibrated: bool, certain: float | None, unfamiliar: bool
) -> "Served":
    """Return what lies in a folder, ready to be served: here alone it is decided what that is."""
    from vgg_transfer.artefacts import is_artefact

    if not is_artefact(place):
        return _opened_run(place, tta, calibrated, certain, unfamiliar)
    refuse_of_artefact(place, tta, calibrated, certain, unfamiliar)
    from vgg_transfer.artefacts import read_artefact

    if read_artefact(place).needs_tensorflow:
        from vgg_transfer.cli.quiet import load_tensorflow

        load_tensorflow()
    from vgg_transfer.serving.opening import open_exported

    return open_exported(place)


def _opened_run(
    run: Path, tta: str | None, calibrated: bool, certain: float | None, unfamiliar: bool
) -> "Served":
    from vgg_transfer import run as record
    from vgg_transfer.run.refusing import check_model

    found = record.read(run)
    check_model(found)

    from vgg_transfer.cli.display.screen import open_screen
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.cli.display.metrics import warn_unfinished
    from vgg_transfer.cli.display.training import counting
    from vgg_transfer.serving.opening import open_run

    screen = open_screen(False)
    with counting(screen, "looks at its own images") as listen:
        served = open_run(found, averaging_of(tta), calibrated, certain, unfamiliar, listen)
    warn_unfinished(screen, found)
    return served
