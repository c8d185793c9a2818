"""How far a run can be relied on: calibration, sets, single answers, and unlike pictures named.

    python benchmarks/certainty.py RUN --unlike flowers cars

prints one JSON object. Calibration is that of the validation images, measured on the test images.
Sets: validation and test images are shuffled and divided 200 times; one half says how likely a
class must be, the other how often the true one is held. Pictures of the folders behind --unlike
are none of what the run was trained on.
"""

import argparse
from pathlib import Path
from typing import Any

import measuring
import numpy as np

from vgg_transfer.deploy import evaluate, predict
from vgg_transfer.deploy.held_out import validation_answers
from vgg_transfer.evaluation.certainty import certainty, least_probability
from vgg_transfer.events import nobody
from vgg_transfer.images.pictures import given
from vgg_transfer.run import Run, read
from vgg_transfer.run.values import as_arrays


def main() -> None:
    """Measure a run and print the result as JSON."""
    arguments = _arguments()
    run = read(arguments.run)
    if run.judged_on != "test":
        raise SystemExit("this run has no test images")
    validated, judged = validation_answers(run, nobody), as_arrays(run.judged, run.class_names)
    told = evaluate(run, listen=nobody, calibrated=True)
    if told.calibrated is None:
        raise SystemExit("this run has nothing to fit a temperature on")
    measuring.tell("calibrated", {"sentences": told.calibrated.sentences})
    rng = np.random.default_rng(0)
    measuring.answer(
        {
            "accuracy": told.metrics.accuracy,
            "images": told.metrics.images,
            "calibration": told.calibrated.sentences,
            "sets": {
                share: _coverage(validated, judged, share, arguments.splits, rng)
                for share in (0.9, 0.95)
            },
            "single answers": {
                share: _single(validated, judged, share) for share in (0.9, 0.95, 0.97, 0.98, 0.99)
            },
            "called unfamiliar": _unfamiliar(run, arguments.unlike, arguments.pictures),
        }
    )


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("run", metavar="RUN", type=Path, help="a run with test images")
    parser.add_argument("--unlike", metavar="FOLDER", nargs="*", default=[], help="other pictures")
    parser.add_argument("--pictures", type=int, default=200, help="of each folder (200)")
    parser.add_argument("--splits", type=int, default=200, help="random divisions (200)")
    return parser.parse_args()


def _coverage(
    validated: Any, judged: Any, share: float, splits: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Return how often sets hold the true class, over random divisions into two halves."""
    labels, found = (np.concatenate(both) for both in zip(validated, judged, strict=True))
    held, sizes, half = [], [], len(labels) // 2
    for _ in range(splits):
        order = rng.permutation(len(labels))
        known, other = order[:half], order[half:]
        least = least_probability(labels[known], found[known], share)
        held.append(float((found[other, labels[other]] >= least).mean()))
        sizes.append(float((found[other] >= least).sum(axis=1).mean()))
    ends = np.quantile(held, [0.05, 0.95]).tolist()
    return {"held": float(np.mean(held)), "90% of splits": ends, "classes": float(np.mean(sizes))}


def _single(validated: Any, judged: Any, share: float) -> dict[str, Any]:
    """Return how many test images get a single answer, and how many of those are right."""
    threshold = certainty(*validated, share).sure_from
    if threshold is None:
        return {"answered": 0.0}
    labels, found = judged
    sure = found.max(axis=1) >= threshold
    right = (found.argmax(axis=1) == labels)[sure]
    return {"from": threshold, "answered": float(sure.mean()), "right": float(right.mean())}


def _unfamiliar(run: Run, folders: list[str], most: int) -> dict[str, float]:
    """Return the share of pictures called unfamiliar: of the test images, and of each folder."""
    root = Path(run.image_set.root)
    places = {"test images": [root / row.path for row in run.split("test")]}
    places |= {name: [Path(one.path) for one in given(name)] for name in folders}
    found = {}
    for name, paths in places.items():
        some = [paths[number * len(paths) // most] for number in range(most)]
        said = predict(run, some if len(paths) > most else paths, unfamiliar=True)
        found[name] = float(np.mean([one.familiar is False for one in said]))
        measuring.tell(name, {"unfamiliar": found[name]})
    return found


if __name__ == "__main__":
    main()
