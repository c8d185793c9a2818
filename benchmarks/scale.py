"""The frozen pass and trials on one and on two workers of Ray, and what follows for more.

    python benchmarks/scale.py DATA

prints one JSON object. It needs Linux and the extra `scale`. A worker is a Ray node on this machine
that is held to one processor, so that two of them are twice as much. One and two workers are
measured in turns, so that other work on the machine slows both alike.

The frozen pass is computed by the workers, and this process appends the rows to one store; the
bytes of each row are compared. (`train` and `compare` do not split it yet: this says what it
would be worth.) Trials are those of `compare --engine ray`, in fp32 and without stores.

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

from vgg_transfer.activations.files import Row, Store
from vgg_transfer.activations.keys import Rendering
from vgg_transfer.activations.reading import as_stored
from vgg_transfer.activations.room import open_anew
from vgg_transfer.comparison import compare
from vgg_transfer.events import nobody
from vgg_transfer.images import ImageRecord, ImageSet, load_images
from vgg_transfer.images.tfdata.batches import BatchForm, plain_batches
from vgg_transfer.network import build_network, resolve_weights
from vgg_transfer.network.parts import stretch
from vgg_transfer.network.rows import activation_shape
from vgg_transfer.recipe import named, override
from vgg_transfer.trials.ray_engine import OnRay, Share

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
    with tempfile.TemporaryDirectory() as place, two_nodes() as nodes:
        found = {"machine": measuring.machine(), "processors": os.cpu_count()}
        found["frozen_pass"] = frozen_pass(records, arguments, nodes, Path(place))
        some = replace(images, records=measuring.spread(images.records, arguments.trial_images))
        found["trials"] = trials(some, arguments, Path(place))
    found["computed"] = foretold(found["frozen_pass"])
    measuring.answer(found)


@contextmanager
def two_nodes() -> Iterator[list[str]]:
    """Yield two nodes of Ray, each held to a processor of its own."""
    allowed = sorted(os.sched_getaffinity(0))
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
            for processor in allowed[:2]:
                os.sched_setaffinity(0, {processor})  # what is started now keeps it
                cluster.add_node(
                    num_cpus=1,
                    include_dashboard=False,
                    object_store_memory=300 * 2**20,
                )
            os.sched_setaffinity(0, allowed)
            ray.init(address=cluster.address, log_to_driver=False, configure_logging=False)
            yield [node["NodeID"] for node in ray.nodes()]
        finally:
            os.sched_setaffinity(0, allowed)
            ray.shutdown()
            cluster.shutdown()


class Frozen:
    """The frozen blocks of the network, on a node."""

    def __init__(self, size: int, batch: int) -> None:
        self.form = BatchForm(size, "squash", batch)
        recipe = override(named("probe"), [f"size={size}"])
        network = build_network(recipe, 2, resolve_weights("imagenet"), 0, "mixed_bfloat16")
        self.row = Row(activation_shape(network, CUT), "uint16")
        self.compute = stretch(network, None, (CUT,)).predict_on_batch

    def about(self) -> Row:
        """Return the form of a row."""
        return self.row

    def rows(self, records: Sequence[ImageRecord]) -> Iterator[Any]:
        """Yield names and rows of these images, a batch at a time."""
        for number, batch in enumerate(plain_batches(records, self.form)):
            some = records[number * self.form.batch_size :][: len(batch)]
            rows = as_stored(np.asarray(self.compute(batch)[CUT]))
            yield [Rendering(record, 0).name for record in some], rows


def frozen_pass(
    records: Sequence[ImageRecord], arguments: Any, nodes: Sequence[str], place: Path
) -> dict[str, Any]:
    """Fill a store with one and with two workers in turns."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    workers = [
        ray.remote(Frozen)
        .options(num_cpus=1, scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False))
        .remote(arguments.size, arguments.batch)
        for node in nodes
    ]
    row = ray.get([worker.about.remote() for worker in workers])[0]
    for worker in workers:  # the first batch builds the graph
        _filled(records[: arguments.batch], [worker], row, place / f"warm-{worker}")
    seconds: dict[int, list[float]] = {count: [] for count in WORKERS}
    appending, digests = [], set()
    for turn in range(arguments.rounds):
        for count in WORKERS:
            cache = place / f"pass-{turn}-{count}"
            took, appended, digest = _filled(records, workers[:count], row, cache)
            seconds[count].append(took)
            appending.append(appended / len(records))
            digests.add(digest)
            measuring.tell(f"frozen pass, {count} workers", {"seconds": took})
    for worker in workers:
        ray.kill(worker)
    one, two = (statistics.median(seconds[count]) for count in WORKERS)
    return {
        "images": len(records),
        "size": arguments.size,
        "bytes_per_row": row.bytes,
        "seconds": {str(count): seconds[count] for count in WORKERS},
        "times_as_fast": one / two,
        "compute_seconds_per_row": one / len(records),
        "append_seconds_per_row": statistics.median(appending),
        "rows_are_identical": len(digests) == 1,
    }


def _filled(
    records: Sequence[ImageRecord], workers: Sequence[Any], row: Row, cache: Path
) -> tuple[float, float, int]:
    """Return the seconds of the pass, those of appending, and a checksum of all rows by name."""
    import ray

    cache.mkdir()
    store: Store
    with open_anew(cache, "rows", row, "rows", nobody) as store, store.filling(lambda: None):
        began, appending = time.perf_counter(), 0.0
        share = -(-len(records) // len(workers))
        streams = [
            worker.rows.options(num_returns="streaming").remote(records[n * share :][:share])
            for n, worker in enumerate(workers)
        ]
        waiting = dict(zip(streams, streams, strict=True))
        while waiting:
            (ready, *_), _ = ray.wait(list(waiting))
            try:
                names, rows = ray.get(next(ready))
            except StopIteration:
                del waiting[ready]
                continue
            since = time.perf_counter()
            store.append(names, rows)
            appending += time.perf_counter() - since
        took = time.perf_counter() - began
        names = sorted({Rendering(record, 0).name for record in records})
        return took, appending, zlib.crc32(store.read(store.places(names)).tobytes())


def trials(images: ImageSet, arguments: Any, place: Path) -> dict[str, Any]:
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
            began = time.perf_counter()
            engine = OnRay(Share(cpus=1, gpus=0, at_once=count), nodes=2)
            out = place / f"trials-{turn}-{count}"
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
