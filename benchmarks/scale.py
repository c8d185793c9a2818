"""The frozen pass and trials on one and on two workers of Ray, and what follows for more.

    python benchmarks/scale.py DATA

prints one JSON object. It needs Linux and the extra `scale`. A worker is a Ray node on this machine
that is held to one processor, so that two of them are twice as much. One and two workers are
measured in turns, so that other work on the machine slows both alike.

The frozen pass is that of `train --engine ray`: workers compute, and this process appends the rows
to one store; the bytes of all rows are compared. Trials are those of `compare --engine ray`, in
fp32 and without stores.

The model by which more is foretold, in seconds:

    pass    = rows x max(compute / workers, append)      compute, append: of one row, measured
    trials  = ceil(trials / workers) x one trial         one trial: measured, with its start
"""

import os
import statistics
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import measuring  # before Keras, which it keeps quiet

# isort: split

import numpy as np

from vgg_transfer.activations.files import Row
from vgg_transfer.activations.fill import FillRequest, fill
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.room import open_anew
from vgg_transfer.comparison import compare
from vgg_transfer.events import nobody
from vgg_transfer.images import ImageRecord, ImageSet, load_images
from vgg_transfer.images.batch_form import BatchForm
from vgg_transfer.network import Network, build_network, resolve_weights
from vgg_transfer.network.rows import activation_shape
from vgg_transfer.recipe import Augmentation, named, override
from vgg_transfer.trials.ray_engine import OnRay
from vgg_transfer.trials.ray_share import Share

CUT = "block5"  # what is stored where block5 trains: the outputs of block4
WORKERS = (1, 2)
MILLION = 1_000_000


def main() -> None:
    """Measure and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--images", type=int, default=256, help="of the frozen pass")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--trial-size", type=int, default=64)
    parser.add_argument("--trial-images", type=int, default=240, help="in all splits")
    parser.add_argument("--trial-rounds", type=int, default=1)
    arguments = parser.parse_args()
    images = load_images(arguments.data)
    records = measuring.spread(images.split("train"), arguments.images)
    with tempfile.TemporaryDirectory() as place, one_node() as cluster:
        found = {"machine": measuring.machine(), "processors": os.cpu_count()}
        found["frozen_pass"] = frozen_pass(records, arguments, cluster, Path(place))
        some = replace(images, records=measuring.spread(images.records, arguments.trial_images))
        found["trials"] = trials(some, arguments, cluster, Path(place))
    found["computed"] = foretold(found["frozen_pass"])
    measuring.answer(found)


@contextmanager
def one_node() -> Iterator[Any]:
    """Yield a cluster of Ray with one node, held to a processor of its own."""
    with tempfile.TemporaryDirectory(dir="/tmp") as place:  # sockets have short paths
        (Path(place) / "ray").mkdir()
        os.environ |= {
            "RAY_TMPDIR": place,
            "RAY_USAGE_STATS_ENABLED": "0",
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # loopback alone
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": os.urandom(32).hex(),
        }
        import ray
        from ray.cluster_utils import Cluster

        cluster = Cluster()
        try:
            _add_node(cluster, 0)
            ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()


def _add_node(cluster: Any, number: int) -> Any:
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[number]})  # what is started now keeps it
    try:
        return cluster.add_node(
            num_cpus=1, include_dashboard=False, object_store_memory=300 * 2**20
        )
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def workers(cluster: Any, count: int) -> Iterator[OnRay]:
    """Yield an engine with one worker, or with two."""
    second = _add_node(cluster, 1) if count == 2 else None
    try:
        yield OnRay(Share(cpus=1, gpus=0, at_once=count), nodes=count)
    finally:
        if second is not None:
            cluster.remove_node(second)


def frozen_pass(
    records: Sequence[ImageRecord], arguments: Any, cluster: Any, place: Path
) -> dict[str, Any]:
    """Fill a store with one and with two workers in turns."""
    recipe = override(named("probe"), [f"size={arguments.size}"])
    network = build_network(recipe, 2, resolve_weights("imagenet"), 0, "mixed_bfloat16")
    form = BatchForm(arguments.size, "squash", arguments.batch)
    seconds: dict[int, list[float]] = {count: [] for count in WORKERS}
    digests, bytes_per_row = set(), 0
    for turn in range(arguments.rounds):
        for count in WORKERS:
            cache = place / f"pass-{turn}-{count}"
            with workers(cluster, count) as engine:
                # Each worker has to load Keras and to build the graph first.
                warm = records[: 8 * arguments.batch]
                _filled(network, warm, form, place / f"warm-{turn}-{count}", engine)
                began = time.perf_counter()
                digest, bytes_per_row = _filled(network, records, form, cache, engine)
            seconds[count].append(time.perf_counter() - began)
            digests.add(digest)
            measuring.tell(f"frozen pass, {count} workers", {"seconds": seconds[count][-1]})
    one, two = (statistics.median(seconds[count]) for count in WORKERS)
    return {
        "images": len(records),
        "size": arguments.size,
        "bytes_per_row": bytes_per_row,
        "seconds": {str(count): seconds[count] for count in WORKERS},
        "times_as_fast": one / two,
        "compute_seconds_per_row": one / len(records),
        "append_seconds_per_row": _append_seconds(network, place),
        "rows_are_identical": len(digests) == 1,
    }


def _filled(
    network: Network,
    records: Sequence[ImageRecord],
    form: BatchForm,
    cache: Path,
    engine: OnRay,
) -> tuple[int, int]:
    """Fill a store; return a checksum of all rows by name, and the bytes of one."""
    renderings = [Rendering(record, 0) for record in records]
    request = FillRequest(renderings, (CUT,), Augmentation(), form)
    with fill(network, request, cache, nobody, engine.compute_pass)[0] as store:
        names = sorted({rendering.name for rendering in renderings})
        return zlib.crc32(store.read(store.places(names)).tobytes()), store.row.bytes


def _append_seconds(network: Network, place: Path) -> float:
    """Return the seconds that a row takes to be appended."""
    row, count = Row(activation_shape(network, CUT), "uint16"), 256
    rows = np.random.default_rng(0).integers(0, 2**16, (count, *row.shape), np.uint16)
    with (
        open_anew(place / "append", "rows", row, "rows", nobody) as store,
        store.filling(lambda: None),
    ):
        began = time.perf_counter()
        store.append([f"{number:064x}" for number in range(count)], rows)
        return (time.perf_counter() - began) / count


def trials(images: ImageSet, arguments: Any, cluster: Any, place: Path) -> dict[str, Any]:
    """Compare two recipes with two seeds, on one and on two workers in turns."""
    recipe = override(
        named("frozen"),
        [f"size={arguments.trial_size}", "precision=fp32", "stage.1.epochs=2"],
    )
    recipes = [recipe, recipe.changed(name="other")]
    seconds: dict[int, list[float]] = {count: [] for count in WORKERS}
    accuracies = set()
    for turn in range(arguments.trial_rounds):
        for count in WORKERS:
            out = place / f"trials-{turn}-{count}"
            with workers(cluster, count) as engine:
                began = time.perf_counter()
                found = compare(images, recipes, out, 2, engine, cache=False)
                seconds[count].append(time.perf_counter() - began)
            accuracies.add(str([trial.accuracy for trial in found.trials]))
            measuring.tell(f"trials, {count} workers", {"seconds": seconds[count][-1]})
    one, two = (statistics.median(seconds[count]) for count in WORKERS)
    return {
        "trials": 4,
        "size": arguments.trial_size,
        "images": len(images.records),
        "seconds": {str(count): seconds[count] for count in WORKERS},
        "times_as_fast": one / two,
        "seconds_per_trial": one / 4,
        "accuracies_are_identical": len(accuracies) == 1,
    }


def foretold(measured: dict[str, Any]) -> dict[str, Any]:
    """Return the hours of the frozen pass for a million images, by the model; nothing measured."""
    compute, append = (measured[f"{what}_seconds_per_row"] for what in ("compute", "append"))
    return {
        "hours_of_a_million_rows": {
            str(workers): MILLION * max(compute / workers, append) / 3600
            for workers in (1, 2, 8, 32, 64)
        },
        "gigabytes": MILLION * measured["bytes_per_row"] / 1e9,
        "workers_beyond_which_nothing_is_gained": compute / append,
    }


if __name__ == "__main__":
    main()
