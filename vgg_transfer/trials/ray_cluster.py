"""The Ray cluster that trials run on: found, or made of this machine alone, and shared out."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from vgg_transfer.errors import ClusterError
from vgg_transfer.sweeping import place_for_temporary_files, temporary_folder
from vgg_transfer.trials.ray_engine import OnRay, Share, first_sentence
from vgg_transfer.words import printable

_TO_ANSWER = 10.0  # seconds for the machine at an address
# Ray takes 127.0.0.1 for the machine's address in its network, on which others could reach it.
_LOOPBACK = "127.0.0.2"


@contextmanager
def on_ray(address: str | None = None) -> Iterator[OnRay]:
    """Yield an engine that trains on a Ray cluster; it is left as it was found.

    A trial is given one GPU and its part of a node's processors where the cluster has GPUs, and
    else all processors of a node (of the smallest, where they differ). All nodes have the package
    installed, and the folder of the trials and the images lie where each of them finds them under
    the same path: a comparison or search checks that before it begins.

    Args:
        address: of the cluster, as ``ray start --head`` says it, such as ``10.0.0.1:6379``;
            ``"local"``: this machine alone, for as long as this lasts. [default: the cluster that
            this machine is a node of; this machine alone where it is of none]

    Raises:
        ClusterError: Ray is not installed, or there is no such cluster.
    """
    if find_spec("ray") is None:
        raise ClusterError(
            'Ray cannot be found, and `--engine ray` needs it: pip install "vgg-transfer[scale]"'
        )
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # read when Ray is imported
    import ray

    if ray.is_initialized():
        yield _engine(ray.nodes())
        return
    with temporary_folder(place_for_temporary_files()) as scratch:
        _connect(address, scratch)
        try:
            yield _engine(ray.nodes())
        finally:
            ray.shutdown()


def _connect(address: str | None, scratch: Path) -> None:
    import ray

    quiet = {"log_to_driver": False, "configure_logging": False}
    try:
        if address not in (None, "local"):
            _check_answers(address)
            ray.init(address=address, **quiet)
            return
        if address is None:
            with suppress(ConnectionError):
                ray.init(address="auto", **quiet)
                return
        ray.init(
            address="local",
            include_dashboard=False,
            _temp_dir=str(scratch),
            _node_ip_address=_LOOPBACK,
            **quiet,
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        where = "on this machine" if address is None else f'at "{printable(address)}"'
        raise ClusterError(
            f"Ray cannot be used {where}: {first_sentence(error)}. `ray status` says what there is"
        ) from error


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


def share_of(nodes: Sequence[Mapping[str, float]]) -> Share:
    """Return what a trial gets of these nodes.

    Args:
        nodes: what each offers, as Ray names it: ``{"CPU": 16, "GPU": 2}``.
    """
    offers = [(int(node.get("CPU", 0)), int(node.get("GPU", 0))) for node in nodes]
    with_gpu = [(cpus, gpus) for cpus, gpus in offers if gpus]
    if with_gpu:
        cpus = max(1, min(cpus // gpus for cpus, gpus in with_gpu))
        return Share(cpus, 1, sum(min(gpus, cpus_there // cpus) for cpus_there, gpus in with_gpu))
    cpus = min((cpus for cpus, _ in offers if cpus), default=1)
    return Share(cpus, 0, sum(there // cpus for there, _ in offers))
