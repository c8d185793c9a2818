"""Does the doctor foretell what more images bring? Learning curves of half, held against the whole.

    python benchmarks/forecast.py DATA --halves 5

Of dogs_cats and flowers in DATA, random halves of the training images get a learning curve, which
foretells the accuracy with twice as many; then all are there. Judged on the validation images; no
test image is read. Prints a Markdown table.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import measuring
import numpy as np

from vgg_transfer.doctor.images.features import pooled_features
from vgg_transfer.doctor.learning import LearningCurve, measure_curve
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.events import nobody
from vgg_transfer.images import ImageRecord, load_images
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import named

SETS = {"dogs_cats": 224, "flowers": 128}


def main() -> None:
    """Measure every curve and print the table."""
    arguments = _arguments()
    lines = [
        "| set | training images | accuracy by images | foretold with all | truth | inside "
        "| rise of the curve | what one training gained |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, size in SETS.items():
        whole = load_images(arguments.data / name)
        records = tuple(one for one in whole.records if one.split != "test")
        recipe = named("probe").changed(size=size)
        features = pooled_features(recipe, replace(whole, records=records), cache_folder(), nobody)
        all_of_it = measure_curve(records, features)
        for half in range(arguments.halves):
            kept = _half(records, half)
            curve = measure_curve([records[n] for n in kept], features[kept])
            lines.append(_row(name, curve, all_of_it))
            measuring.tell(name, {"half": half, "row": lines[-1]})
        lines += [
            f"| {name} | {all_of_it.points[-1].images} | {_measured(all_of_it)} "
            f"| {one.accuracy:.1%} {one.interval} with {one.images:,} | | "
            f"| {in_points(one.gain)} {one.gain_interval} | |"
            for one in (all_of_it.doubled, all_of_it.fourfold)
        ]
    print("\n".join(lines))


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("data", type=Path, help="folder with dogs_cats and flowers")
    parser.add_argument("--halves", type=int, default=5, help="random halves of each set")
    return parser.parse_args()


def _half(records: Sequence[ImageRecord], seed: int) -> list[int]:
    """Return the places of half of the training images of each class, and of all others."""
    rng = np.random.default_rng([seed, 1])
    kept = [place for place, one in enumerate(records) if one.split != "train"]
    for label in {one.label for one in records}:
        places = [n for n, one in enumerate(records) if (one.split, one.label) == ("train", label)]
        kept += rng.permutation(places)[: len(places) // 2].tolist()
    return sorted(kept)


def _row(name: str, curve: LearningCurve, whole: LearningCurve) -> str:
    truth, there = whole.reached, curve.points[-1]
    gain, found = truth - there.accuracy, curve.doubled
    return (
        f"| {name} | {there.images} of {whole.points[-1].images} | {_measured(curve)} "
        f"| {found.accuracy:.1%} {found.interval} | {truth:.1%} "
        f"| {_inside(found.interval, truth)} | {in_points(found.gain)} {found.gain_interval} "
        f"| {in_points(gain)} |"
    )


def _measured(curve: LearningCurve) -> str:
    return ", ".join(f"{one.accuracy:.1%} with {one.images}" for one in curve.points)


def _inside(interval, value: float) -> str:
    return "yes" if interval.low <= value <= interval.high else "no"


if __name__ == "__main__":
    main()
