"""Peak memory of a training and the size of its stores, by number of images.

    python benchmarks/memory.py DATA

Each number of images is trained in a process of its own; images of DATA are repeated under other
names where it has too few. Prints one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import measuring


def main() -> None:
    """Train on each number of images and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--images", default="500,2000,8000", help="numbers of training images")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--epochs", type=int, default=1, help="of the head, and again of block5")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(train_on(arguments.one, arguments)))
        return
    counts = [int(text) for text in arguments.images.split(",")]
    found = [_in_its_own_process(count, arguments) for count in counts]
    first = found[0]["peak_memory_mb"]
    ratios = [one["peak_memory_mb"] / first for one in found]
    measuring.answer({"size": arguments.size, "trainings": found, "peak_ratio": ratios})


def train_on(count: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Train on ``count`` images; return the memory, disk space and seconds that it took."""
    from vgg_transfer.activations import listing
    from vgg_transfer.images import ImageSet, load_images
    from vgg_transfer.images.image_set import ImageRecord
    from vgg_transfer.places import cache_folder
    from vgg_transfer.recipe import Recipe, Stage
    from vgg_transfer.training import train

    source = load_images(arguments.data)
    some = source.split("train")
    # A repeated image gets a digest of its own, so that its activations are stored again.
    repeated = tuple(
        ImageRecord(one.path, one.label, "train", f"{number}-{one.digest}", one.width, one.height)
        for number, one in ((number, some[number % len(some)]) for number in range(count))
    )
    others = (*source.split("val")[::10], *source.split("test")[::10])
    image_set = ImageSet("repeated", source.class_names, (*repeated, *others), root=source.root)
    recipe = Recipe(
        size=arguments.size,
        stage=(
            Stage(train=("head",), epochs=arguments.epochs),
            Stage(train=("head", "block5"), epochs=arguments.epochs, rate=1e-5),
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VGG_TRANSFER_CACHE"] = f"{folder}/activations"
        run = train(recipe, image_set, Path(folder) / "run")
        stored = sum(entry.bytes for entry in listing(cache_folder()))
    return {
        "images": count,
        "peak_memory_mb": run.history[-1].peak_memory_mb,
        "store_mb": stored / 1e6,
        "seconds": run.seconds,
    }


def _in_its_own_process(count: int, arguments: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, __file__, arguments.data, "--one", str(count)]
    command += ["--size", str(arguments.size), "--epochs", str(arguments.epochs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
