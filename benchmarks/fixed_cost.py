"""What a command takes beside its own work: help, one prediction, a training of 40 images.

    python benchmarks/fixed_cost.py [TREE ...]

Each TREE is a checkout of this repository; all are measured in turns, with the same images and
weights. Default: this one. Prints one JSON object, in seconds: of the clock, and of the processor,
which other programs on the machine change less.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import measuring


def main() -> None:
    """Run every command as often as wanted, in turns over the trees; print the table as JSON."""
    parser = measuring.parser(__doc__)
    here = str(Path(__file__).resolve().parents[1])
    parser.add_argument("trees", nargs="*", default=[here])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=64)
    arguments = parser.parse_args()
    seconds: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(dict)
    with tempfile.TemporaryDirectory() as folder:
        # What is stored and remembered belongs to one tree; the first training of each fills it.
        caches = {tree: f"{folder}/cache{number}" for number, tree in enumerate(arguments.trees)}
        images, first = f"{folder}/pets", arguments.trees[0]
        drawn = ["sample", images, "--train", "20", "--val", "5", "--test", "5"]
        timed(drawn, first, folder, caches[first])
        train = ["train", images, "--size", str(arguments.size), "--out"]
        for number, tree in enumerate(arguments.trees):
            timed([*train, f"{folder}/run{number}"], tree, folder, caches[tree])
        picture = str(next(Path(images, "test").rglob("*.jpg")))
        for turn in range(arguments.rounds):
            for number, tree in enumerate(arguments.trees):
                for name, command in {
                    "help": ["--help"],
                    "predict": ["predict", f"{folder}/run0", picture],
                    "train": [*train, f"{folder}/run{number}-{turn}"],
                }.items():
                    found = timed(command, tree, folder, caches[tree])
                    seconds[name].setdefault(tree, []).append(found)
                    measuring.tell(name, {"tree": tree, "clock": found[0], "processor": found[1]})
    measuring.answer(
        {
            name: {tree: _summary(every) for tree, every in of_trees.items()}
            for name, of_trees in seconds.items()
        }
    )


def timed(command: list[str], tree: str, folder: str, cache: str) -> tuple[float, float]:
    """Run a command with a tree's code; return the seconds of the clock and of the processor."""
    surroundings = os.environ | {"PYTHONPATH": tree, "VGG_TRANSFER_CACHE": cache}
    before, began = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "vgg_transfer", *command],
        check=True,
        capture_output=True,
        cwd=folder,  # what is imported from the current folder would come before the tree
        env=surroundings,
    )
    clock, after = time.perf_counter() - began, os.times()
    user = after.children_user - before.children_user
    return clock, user + after.children_system - before.children_system


def _summary(found: list[tuple[float, float]]) -> dict[str, float]:
    clock, processor = zip(*found, strict=True)
    return {
        "least": min(clock),
        "median": statistics.median(clock),
        "processor": statistics.median(processor),
    }


if __name__ == "__main__":
    main()
