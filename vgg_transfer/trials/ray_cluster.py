"""The Ray cluster that trials run on, or one of this machine alone; and a trial's share of it."""

import os
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vgg_transfer.errors import ClusterError
from vgg_transfer.sweeping import place_for_temporary_files, temporary_folder
from vgg_transfer.trials.ray_engine import OnRay
from vgg_transfer.trials.ray_share import first_sentence, share_of
from vgg_transfer.words import printable

_TO_ANSWER = 10.0  # seconds for the machine at an address
# Without the first, Ray listens in this machine's network also where it is given 127.0.0.1.
# Without the others it asks for no token, or writes one into the user's home.
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}


@contextmanager
def on_ray(address: str | None = None) -> Iterator[OnRay]:
    """Yield an engine that trains on a Ray cluster; it is left as it was found.

    A trial is given one GPU and its part of a node's processors where the cluster has GPUs, and
    else all processors of a node (of the smallest, where they differ). All nodes have the package
    installed, and the folder of the trials and the images lie where each of them finds them under
    the same path: a comparison or search checks that before it begins.

    Args:
        address: of the cluster, as ``ray start --head`` says it, such as ``10.0.0.1:6379``;
            ``"local"``: this machine alone, for as long as this lasts, in a process that has not
            imported Ray before. [default: the cluster that this machine is a node of]

    Raises:
        ClusterError: Ray is not installed, or there is no such cluster.
    """
    if find_spec("ray") is None:
        raise ClusterError(
            'Ray cannot be found, and `--engine ray` needs it: pip install "vgg-transfer[scale]"'
        )
    settings = {"RAY_USAGE_STATS_ENABLED": "0"}
    if address == "local":
        settings |= _ALONE | {"RAY_AUTH_TOKEN": _token()}
    with _environment(settings), temporary_folder(place_for_temporary_files()) as scratch:
        import ray

        if ray.is_initialized():  # by who calls this, who ends it too
            yield _engine(ray.nodes())
            return
        _connect(address or "auto", scratch)
        try:
            yield _engine(ray.nodes())
        finally:
            ray.shutdown()


def _connect(address: str, scratch: Path) -> None:
    import ray
    from ray.exceptions import RayError

    settings: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    if address == "local":
        settings["include_dashboard"] = False
        settings["_temp_dir"] = str(scratch)
        settings["_node_ip_address"] = "127.0.0.1"
    elif address != "auto":
        _check_answers(address)
    try:
        ray.init(address=address, **settings)
    except (ConnectionError, RuntimeError, ValueError, RayError) as error:
        where = {"auto": "there is no Ray cluster on this machine", "local": "Ray does not start"}
        wrong = where.get(address, f'the Ray cluster at "{printable(address)}" cannot be used')
        raise ClusterError(
            f"{wrong} ({first_sentence(error)}): start one with `ray start --head`, and give the "
            "address that it prints; `local` is this machine alone"
        ) from error


@cache
def _token() -> str:
    """Return what this process shows to clusters of its own: Ray reads it once."""
    return secrets.token_hex(32)


@contextmanager
def _environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Give this process variables that it does not have, for as long as this lasts."""
    added = {name: text for name, text in settings.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _check_answers(address: str) -> None:
    """Refuse an address at once where nothing is: Ray would look for it for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ClusterError(
            f'the address of a Ray cluster is HOST:PORT or local, received "{printable(address)}". '
            "`ray start --head` prints it"
        )
    try:
        socket.create_connection((host, int(port)), _TO_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(
            f'no Ray cluster answers at "{printable(address)}" ({error}): start one with `ray '
            "start --head`, or give the address that it printed"
        ) from error


def _engine(nodes: Sequence[Mapping[str, Any]]) -> OnRay:
    alive = [node["Resources"] for node in nodes if node["Alive"]]
    share = share_of(alive)
    if not share.at_once:
        raise ClusterError(
            "no node of the Ray cluster offers a processor: start nodes with `ray start "
            "--address=HOST:PORT`"
        )
    return OnRay(share, len(alive))
