"""The options that say on how many devices, and with which other processes, a training runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from vgg_transfer.training.spread.hosts import Hosts

DevicesText = Annotated[
    str | None,
    typer.Option(
        "--devices",
        metavar="all|N",
        help="So many GPUs of this host share every batch; needs KERAS_BACKEND=jax. [default: 1; "
        "with --hosts all of each]",
    ),
]
HostsText = Annotated[
    str | None,
    typer.Option(
        "--hosts",
        metavar="auto|ADDRESS:PORT,N,I",
        help="N processes share every batch, each started with this command and its own I, from 0; "
        "the first listens at the address. `auto`: as Slurm or Open MPI says. Needs "
        "KERAS_BACKEND=jax and a shared folder.",
    ),
]


def devices_of(text: str | None) -> int | Literal["all"] | None:
    """Return how many devices are asked for; None: nothing was said."""
    if text is None or text == "all":
        return text  # type: ignore[return-value]
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise typer.BadParameter(
        f'"{text}" is neither all nor a number from 1 on', param_hint="--devices"
    )


@contextmanager
def joined(hosts: str | None) -> Iterator["Hosts | None"]:
    """Join the other processes, where there are some: the first alone speaks. None: there are none.

    Args:
        hosts: as ``--hosts`` says.
    """
    if hosts is None:
        yield None
        return
    from vgg_transfer.cli.quiet import load_tensorflow

    load_tensorflow()
    from vgg_transfer.training.spread import hosts as others

    with others.joined(hosts) as group:
        yield group
