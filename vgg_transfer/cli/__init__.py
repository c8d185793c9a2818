"""TO TYPE: ``vgg-transfer VERB``. One small module per verb; heavy imports inside the verb."""

import errno
import io
import sys
from collections.abc import Sequence
from typing import Annotated, Any, TextIO, cast

import typer
from typer.core import TyperGroup

from vgg_transfer.cli.ctrl_c import INTERRUPTED
from vgg_transfer.cli.outlet import Outlet
from vgg_transfer.cli.verbs import (
    adopt,
    augment,
    cache,
    check,
    compare,
    doctor,
    evaluate,
    explain,
    export,
    images,
    plot,
    predict,
    recipes,
    report,
    reproduce,
    resume,
    runs,
    sample,
    schema,
    serve,
    show,
    train,
    tune,
)
from vgg_transfer.errors import VggTransferError
from vgg_transfer.words import printable

__all__ = ["main"]

_LONGEST_MESSAGE = 4000


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave: 0 done, 1 error, 2 wrong usage, 130 interrupted."""
    streams = sys.stdout, sys.stderr
    for stream in streams:
        # A name that the terminal's encoding cannot show is shown as escapes, never a crash.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    out, err = (Outlet(stream or io.StringIO()) for stream in streams)
    sys.stdout, sys.stderr = cast("tuple[TextIO, TextIO]", (out, err))
    try:
        _app()(arguments, prog_name="vgg-transfer")
    except SystemExit as leaving:
        raise SystemExit(leaving.code or _lost(out)) from None
    finally:
        err.flush()
        sys.stdout, sys.stderr = streams


def _lost(out: Outlet) -> int:
    """Return 1 where output was lost, and say so unless it was a reader that had enough."""
    out.flush()
    if out.broken is None:
        return 0
    if out.broken.errno != errno.EPIPE:
        print(f"error: the output cannot be written: {out.broken.strerror}", file=sys.stderr)
    return 1


class _Verbs(TyperGroup):
    """The verbs; an error that a user can do something about becomes one message."""

    def invoke(self, ctx: Any) -> Any:
        """Run the verb that was asked for."""
        try:
            return super().invoke(ctx)
        except VggTransferError as error:
            print(f"error: {_told(str(error), error)}", file=sys.stderr)
            raise typer.Exit(1) from None
        except OSError as error:
            if error.filename is None:  # not about a file: nothing that a user did
                raise
            what = f'"{error.filename}" cannot be used: {error.strerror}'
            print(f"error: {_told(what, error)}", file=sys.stderr)
            raise typer.Exit(1) from None
        except KeyboardInterrupt as pressed:
            print(_told("interrupted", pressed), file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None


def _told(message: str, error: BaseException) -> str:
    """Return a message, and under it what was noted on its error as it passed: how to go on."""
    return "\n".join(map(_readable, [message, *getattr(error, "__notes__", ())]))


def _readable(message: str) -> str:
    """Return a message as a terminal may show it: nothing that moves its cursor, and no novel."""
    shown = "\n".join(map(printable, message.split("\n")))
    more = len(shown) - _LONGEST_MESSAGE
    return shown if more <= 0 else f"{shown[:_LONGEST_MESSAGE]}… and {more:,} letters more"


def _app() -> typer.Typer:
    app = typer.Typer(
        cls=_Verbs,
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback()(_program)
    verbs = (
        train.train,
        resume.resume,
        runs.runs,
        show.show,
        report.report,
        plot.plot,
        compare.compare,
        evaluate.evaluate,
        doctor.doctor,
        predict.predict,
        explain.explain,
        adopt.adopt,
        export.export,
        check.check,
        serve.serve,
        images.images,
        recipes.recipes,
        reproduce.reproduce,
        tune.tune,
        augment.augment,
        cache.cache,
        sample.sample,
        schema.schema,
    )
    for verb in verbs:
        app.command()(verb)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"vgg-transfer {version('vgg-transfer')}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and leave."
        ),
    ] = False,
) -> None:
    """Fine-tune VGG16 on a folder of images, and know how good the result is.

    First steps: `vgg-transfer sample pets` draws a set of cats and dogs to try things on,
    `vgg-transfer train pets` trains on it. Each verb explains itself: `vgg-transfer train --help`.
    """
