"""Which recipe deserves to be the default: several image sets, several seeds, one base.

    python benchmarks/defaults.py DATA --out FOLDER --recipes base,probe,ema --seeds 3

The first recipe is the base. Recipes are names, TOML files, or candidates of candidates.py. Prints
a Markdown table for each set and one over all of them. What is trained already is not trained
again: a call that was broken off goes on, and recipes and seeds can be added. Test images are not
read, unless ``--confirm`` says that everything is chosen (see development_sets.py).
"""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import measuring
import numpy as np
from candidates import candidate
from development_sets import DEVELOPMENT_SETS, development_set

from vgg_transfer import run as record
from vgg_transfer.comparison import Comparison
from vgg_transfer.comparison.compare import compare
from vgg_transfer.comparison.table import in_order
from vgg_transfer.evaluation.crossed import analyse, difference_interval
from vgg_transfer.events import Event, TrialBegan
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import in_a_clear_session, in_own_process

# As in the log loss of a run: a probability of 0 counts as this.
_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Row:
    """One recipe on one set, beside the base on the same images and seeds."""

    name: str
    accuracy: float
    by_seed: tuple[float, ...]
    log_loss: float
    minutes: float
    gain: tuple[float, float, float]
    """Accuracy minus the base's, in points, and its 95 % interval."""
    loss_gain: tuple[float, float, float]
    """The base's log loss minus this one's, and its 95 % interval."""


def main() -> None:
    """Train what is missing and print the tables."""
    arguments = _arguments()
    os.environ["VGG_TRANSFER_CACHE"] = str(arguments.out / "activations")
    tables = {}
    for name in arguments.sets.split(","):
        folder = arguments.out / name
        images, changes = development_set(arguments.data, name, arguments.confirm)
        recipes = [candidate(one).changed(**changes) for one in arguments.recipes.split(",")]
        comparison = compare(
            images,
            recipes,
            folder,
            arguments.seeds,
            engine=in_own_process if arguments.processes else in_a_clear_session,
            listen=_told,
        )
        tables[name] = _rows(comparison, folder, recipes[0].name)
        print(f"\n{name}: {images.describe()}\n\n{_table(tables[name])}", flush=True)
    if len(tables) > 1:
        print(f"\nOver {', '.join(tables)}:\n\n{_summary(tables)}")


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", type=Path, help="folder with all images")
    parser.add_argument("--out", type=Path, required=True, help="folder of the trainings")
    parser.add_argument("--recipes", required=True, help="the base first, with commas between")
    parser.add_argument("--sets", default=",".join(DEVELOPMENT_SETS))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--confirm", action="store_true", help="judge on the test images: once")
    parser.add_argument(
        "--processes", action="store_true", help="train each in a process of its own: true memory"
    )
    return parser.parse_args()


def _told(event: Event) -> None:
    if isinstance(event, TrialBegan):
        print(event.title, file=sys.stderr, flush=True)


def _rows(comparison: Comparison, folder: Path, base_name: str) -> list[Row]:
    runs: dict[str, dict[int, Run]] = {}
    for trial in comparison.trials:
        if trial.status == "complete":
            run = record.read(folder / trial.folder)
            runs.setdefault(trial.recipe, {})[trial.seed] = run
    base = runs[base_name]
    minutes = {standing.name: standing.seconds / 60 for standing in comparison.standings}
    return [_row(name, found, base, minutes[name]) for name, found in runs.items()]


def _row(name: str, runs: dict[int, Run], base: dict[int, Run], minutes: float) -> Row:
    common = sorted(runs.keys() & base.keys())
    (right, loss), (base_right, base_loss) = (
        (
            np.array([_right(of[seed]) for seed in common]),
            np.array([_loss(of[seed]) for seed in common]),
        )
        for of in (runs, base)
    )
    by_seed = [runs[seed].metrics.accuracy for seed in sorted(runs)]
    return Row(
        name=name,
        accuracy=float(np.mean(by_seed)),
        by_seed=tuple(by_seed),
        log_loss=float(np.mean([run.metrics.log_loss for run in runs.values()])),
        minutes=minutes,
        gain=_difference(100 * (right - base_right), 100),
        loss_gain=_difference(base_loss - loss, max(1.0, float(np.abs(base_loss - loss).max()))),
    )


def _right(run: Run) -> list[float]:
    return [
        float(run.class_names[int(np.argmax(found))] == label)
        for (_, label), found in in_order(run)
    ]


def _loss(run: Run) -> list[float]:
    return [
        -math.log(max(found[run.class_names.index(label)], _LEAST_PROBABILITY))
        for (_, label), found in in_order(run)
    ]


def _difference(values: np.ndarray, unit: float) -> tuple[float, float, float]:
    found = analyse(values / unit)
    interval = difference_interval(found)
    return unit * found.mean, unit * interval.low, unit * interval.high


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "| recipe | accuracy | by seed | log loss | minutes | accuracy, points from the base "
        "| log loss below the base's |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.accuracy:.2%} "
            f"| {' '.join(f'{100 * one:.1f}' for one in row.by_seed)} | {row.log_loss:.3f} "
            f"| {row.minutes:.1f} | {_with_interval(row.gain, 2)} "
            f"| {_with_interval(row.loss_gain, 3)} |"
            for row in rows
        ),
    ]
    return "\n".join(lines)


def _summary(tables: dict[str, list[Row]]) -> str:
    lines = [
        "| recipe | accuracy, points from the base, by set | mean "
        "| log loss over the base's, by set | geometric mean | minutes over the base's |",
        "|---|---|---|---|---|---|",
    ]
    bases = [rows[0] for rows in tables.values()]
    for name in dict.fromkeys(row.name for rows in tables.values() for row in rows):
        found = [
            (row, base)
            for rows, base in zip(tables.values(), bases, strict=True)
            for row in rows
            if row.name == name
        ]
        gains = [row.gain[0] for row, _ in found]
        ratios = [row.log_loss / base.log_loss for row, base in found]
        costs = [row.minutes / base.minutes for row, base in found]
        lines.append(
            f"| {name} | {', '.join(f'{gain:+.1f}' for gain in gains)} | {np.mean(gains):+.2f} "
            f"| {', '.join(f'{ratio:.2f}' for ratio in ratios)} "
            f"| {math.exp(np.mean(np.log(ratios))):.3f} | {math.exp(np.mean(np.log(costs))):.2f} |"
        )
    return "\n".join(lines)


def _with_interval(found: tuple[float, float, float], digits: int) -> str:
    mean, low, high = found
    return f"{mean:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


if __name__ == "__main__":
    main()
