"""The options that say where work is done: here, or on the machines of a Ray cluster."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from vgg_transfer.activations.passes import PassFromImages
    from vgg_transfer.cli.display.screen import Screen
    from vgg_transfer.images import ImageSet
    from vgg_transfer.trials.engines import Engine
    from vgg_transfer.trials.ray_engine import OnRay

Name = Annotated[
    str,
    typer.Option(
        metavar="local|ray",
        help="Where trials are trained: on this machine, or on a Ray cluster (extra `scale`).",
    ),
]
NameOfPasses = Annotated[
    str,
    typer.Option(
        metavar="local|ray",
        help="Where images go through frozen blocks: on this machine, or split over the workers of "
        "a Ray cluster (extra `scale`). All else is trained here.",
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT",
        help="The Ray cluster, as `ray start --head` prints it; `local` is this machine alone. "
        "[default: the cluster that this machine is in]",
    ),
]


def check(name: str, address: str | None) -> None:
    """Refuse an engine that is none, and an address that nothing would be done with."""
    if name not in ("local", "ray"):
        raise typer.BadParameter(f'--engine is local or ray, received "{name}"')
    if address is not None and name != "ray":
        raise typer.BadParameter("--address is that of a Ray cluster: it needs --engine ray")


@contextmanager
def opened(name: str, address: str | None, local: "Engine", screen: "Screen") -> Iterator["Engine"]:
    """Yield the engine that is asked for.

    Args:
        name: ``local`` or ``ray``.
        address: of the Ray cluster.
        local: trains on this machine.
        screen: what the cluster offers is said there.
    """
    if name == "local":
        yield local
        return
    with _cluster(address, screen) as engine:
        yield engine


@contextmanager
def passes(
    name: str, address: str | None, images: "ImageSet", screen: "Screen"
) -> Iterator["PassFromImages"]:
    """Yield what computes the passes of images through frozen blocks, after it was checked.

    Args:
        name: ``local`` or ``ray``.
        address: of the Ray cluster.
        images: each node has to read them.
        screen: what the cluster offers is said there.
    """
    from vgg_transfer.activations.passes import compute_pass

    if name == "local":
        yield compute_pass
        return
    with _cluster(address, screen) as engine:
        engine.check(None, images)
        yield engine.compute_pass


@contextmanager
def _cluster(address: str | None, screen: "Screen") -> Iterator["OnRay"]:
    from vgg_transfer.trials import on_ray

    # Ray tells of lost nodes on stdout, which is for the answer.
    aside = redirect_stdout(sys.stderr) if screen.as_json else nullcontext()
    with aside, on_ray(address) as engine:
        screen.note("engine", [engine.in_words])
        yield engine
