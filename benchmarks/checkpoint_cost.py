"""The share of a training's time that checkpoints take, with block5 open.

    python benchmarks/checkpoint_cost.py DATA

Trains block5 and the head twice on the same stored activations: with the default of
``--checkpoint-minutes``, and with a checkpoint after every epoch. What a checkpoint takes is timed
from the end of the epoch until the file is on the disk. Prints one JSON object.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import measuring

import vgg_transfer as vt
from vgg_transfer.images import load_images
from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.training.checkpoints import Pace
from vgg_transfer.training.stages.keeper import Keeper


def main() -> None:
    """Train with both and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("data", help="a folder of images, as for vgg-transfer train")
    parser.add_argument("--images", type=int, default=200, help="to train on")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--size", type=int, default=224)
    arguments = parser.parse_args()
    found = load_images(arguments.data)
    train = measuring.spread(found.split("train"), arguments.images)
    some = [measuring.spread(found.split(split), 50) for split in ("val", "test")]
    images = replace(found, records=(*train, *some[0], *some[1]))
    recipe = Recipe(
        name="checkpoints",
        size=arguments.size,
        stage=(Stage(train=("head", "block5"), epochs=arguments.epochs, rate=1e-5),),
    )
    answer: dict[str, Any] = {
        "machine": measuring.machine(),
        "images": len(train),
        "epochs": arguments.epochs,
    }
    with tempfile.TemporaryDirectory() as place:
        for name, always in (("filling the stores", False), ("default", False), ("every", True)):
            answer[name] = measured(recipe, images, Path(place, name), always)
            measuring.tell(name, answer[name])
    measuring.answer(answer)


def measured(recipe: Recipe, images: Any, folder: Path, always: bool) -> dict[str, Any]:
    """Train; return how often and how long it wrote checkpoints, and what the stage took."""
    spent: list[float] = []
    kept: list[float] = []
    sizes: list[int] = []

    def timed(method: Callable[..., None]) -> Callable[..., None]:
        def run(*given: Any, **named: Any) -> None:
            began = time.perf_counter()
            method(*given, **named)
            spent.append(time.perf_counter() - began)

        return run

    def counted(pace: Pace, *given: Any) -> None:
        began = time.perf_counter()
        keep(pace, *given)
        kept.append(time.perf_counter() - began)
        sizes.append(max(file.stat().st_size for file in folder.glob("checkpoint-*")))

    keep = Pace.keep
    with ExitStack() as patched:
        for name in ("on_epoch_end", "on_train_batch_end"):
            patched.enter_context(patch.object(Keeper, name, timed(getattr(Keeper, name))))
        patched.enter_context(patch.object(Pace, "keep", counted))
        if always:
            patched.enter_context(patch.object(Pace, "is_due", lambda _: True))
        run = vt.train(recipe, images, folder)
    seconds = sum(spent) + kept[-1]  # the last one is written behind the stage
    return {
        "checkpoints": len(sizes),
        "megabytes": round(max(sizes) / 1e6),
        "seconds_of_checkpoints": round(seconds, 2),
        "seconds": round(run.seconds, 1),
        "share": round(seconds / run.seconds, 4),
    }


if __name__ == "__main__":
    main()
