"""Trainings killed at random moments and resumed: does each end as the one never interrupted?

    python benchmarks/kill.py [--moments 30]

Draws small images and trains on them in three stages with dropout, stored views, a falling rate,
early stopping and second opinions. Then once more for each moment: SIGKILL, and ``resume`` in a new
process. Every bit of the weights, every row of the history, metrics and predictions are compared,
clocks are not. Prints one JSON object; exits 1 where anything differs.
"""

import io
import os
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

import h5py
import measuring
import numpy as np
from PIL import Image

from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, Stopping
from vgg_transfer.recipe.stage import PlateauPlan
from vgg_transfer.run import Run, is_unfinished, read, read_progress

COLOURS = {"red": (150, 120, 110), "green": (120, 150, 110), "blue": (120, 120, 140)}
SPLITS = {"train": 20, "val": 12, "test": 8}  # images of each class
# In turns: a checkpoint as often as its cost allows, within epochs too; and after epochs only.
CHECKPOINT_MINUTES = (0.0, 5.0)
CLOCKS = ("seconds", "images_per_second", "waiting_share", "peak_memory_mb", "minutes", "said")
CLOCKS += ("computed", "ended")  # what a store had already, and a sentence with minutes in it


def recipe_of(precision: Any) -> Recipe:
    """Return three stages with all that a training has to remember."""
    patient, opened = Stopping(patience=2), ("head", "block3")
    return Recipe(
        name="kill",
        size=32,
        precision=precision,
        preprocess="rescale",
        batch_size=8,
        base=Base(weights="none", blocks=3, width=0.1),
        head=Head(dense=(8,), batch_norm=True, dropout=0.3),
        augmentation=Augmentation(flip="horizontal", rotation=20.0),
        views=2,
        until="worth it",
        stage=(
            Stage(train=("head",), epochs=4, rate=3e-4, stopping=patient),
            Stage(
                train=opened, epochs=6, rate=1e-3, plan=PlateauPlan(patience=1), stopping=patient
            ),
            Stage(train=(*opened, "block2"), epochs=4, rate=1e-3, stopping=patient),
        ),
    )


def main() -> None:
    """Kill and resume as often as wanted, and print the result as JSON."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--kills", type=int, default=1, help="of each training, at further moments")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--precision", default="fp32")
    arguments = parser.parse_args()
    # Loaded once, for all processes: here TensorFlow computes nothing, so that forking is safe.
    import vgg_transfer.training  # noqa: F401

    number, began = count(), time.perf_counter()
    with tempfile.TemporaryDirectory() as place:
        draw(Path(place, "images"))
        whole = training_in(Path(place), "whole", arguments.precision, CHECKPOINT_MINUTES[0])
        seconds = to_its_end(whole)
        expected = facts_of(read(Path(place, "whole")))
        found: list[dict[str, Any]] = []
        drawn = np.random.default_rng(arguments.seed)
        while len(found) < arguments.moments:
            moments = sorted(map(float, drawn.uniform(0, seconds, arguments.kills)))
            name, minutes = f"killed {next(number)}", CHECKPOINT_MINUTES[len(found) % 2]
            go_on = training_in(Path(place), name, arguments.precision, minutes)
            states = [
                killed(go_on, after, Path(place, name)) for after in np.diff(moments, prepend=0.0)
            ]
            if "done" in states:  # it was faster than the one that was timed, and not killed
                continue
            to_its_end(go_on)
            facts = facts_of(read(Path(place, name)))
            differs = [fact for fact in expected if facts[fact] != expected[fact]]
            found.append(
                {
                    "after_seconds": [round(one, 2) for one in moments],
                    "then": states,
                    "differs": differs,
                }
            )
            measuring.tell(f"{len(found)} of {arguments.moments}", found[-1])
    equal = sum(not one["differs"] for one in found)
    measuring.answer(
        {
            "precision": arguments.precision,
            "stages": [stage["epochs"] for stage in expected["stages"]],
            "seconds_of_a_training": round(seconds, 1),
            "trainings": found,
            "equal": f"{equal} of {len(found)}",
            "seconds": round(time.perf_counter() - began),
        }
    )
    sys.exit(0 if equal == len(found) else 1)


def draw(folder: Path) -> None:
    """Write noise in three colours, which is easy enough that every stage is worth it."""
    drawn = np.random.default_rng(0)
    for split, each in SPLITS.items():
        for name, colour in COLOURS.items():
            (folder / split / name).mkdir(parents=True)
            for number in range(each):
                noise = drawn.normal(drawn.normal(colour, 15), 40, (32, 32, 3))
                picture = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
                picture.save(folder / split / name / f"{number:02}.png")


def training_in(place: Path, name: str, precision: str, minutes: float) -> Callable[[], Run]:
    """Return what begins a training with stores of its own, or goes on with it."""
    folder, cache = place / name, place / f"stores of {name}"

    def go_on() -> Run:
        from vgg_transfer.training import resume, train

        os.environ["VGG_TRANSFER_CACHE"] = str(cache)
        if folder.exists():
            return resume(folder)
        return train(
            recipe_of(precision),
            place / "images",
            folder,
            checkpoint_minutes=minutes,
        )

    return go_on


def to_its_end(go_on: Callable[[], Run]) -> float:
    """Run it in a new process; return the seconds that it took."""
    began = time.perf_counter()
    _, ended = os.waitpid(started(go_on), 0)
    if ended:
        sys.exit("a training did not come to its end")
    return time.perf_counter() - began


def killed(go_on: Callable[[], Run], seconds: float, folder: Path) -> str:
    """Run it in a new process and kill that after so many seconds; say what is in its folder."""
    process = started(go_on)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    if not folder.exists():
        return "no folder yet"
    if not is_unfinished(folder):
        return "done"
    progress = read_progress(folder)
    if progress is None:
        return "no checkpoint yet"
    if within := progress.within:
        return f"stage {within.stage}, epoch {within.epoch}, step {within.step}"
    return "judging" if progress.trained else f"{len(progress.stages)} stages done"


def started(work: Callable[[], Run]) -> int:
    """Return the number of a new process that works."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def facts_of(run: Run) -> Mapping[str, Any]:
    """Return all that two equal trainings have in common."""
    return {
        "weights": tensors_of(run.model_file),
        "history": [timeless(asdict(epoch)) for epoch in run.history],
        "stages": [timeless(asdict(stage)) for stage in run.stages],
        "stores": [timeless(asdict(one)) for one in run.filled],
        "advice": [timeless(asdict(one)) for one in run.advice],
        "metrics": run.metrics,
        "predictions": run.judged,
    }


def tensors_of(model: Path) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    """Return the bits of every tensor of a saved model, by its name."""
    found = {}

    def take(name: str, one: Any) -> None:
        if isinstance(one, h5py.Dataset):
            found[name] = (str(one.dtype), one.shape, one[()].tobytes())

    with zipfile.ZipFile(model) as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:
        file.visititems(take)
    return found


def timeless(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row without what a clock told."""
    return {name: value for name, value in row.items() if name not in CLOCKS}


if __name__ == "__main__":
    main()
