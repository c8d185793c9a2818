"""Whether heatmaps are true: how much of the heat lies on the animal, and what heat is worth.

    python benchmarks/explanations.py RUN PICTURES --boxes pets/sample.json

prints one JSON object: the share of heat within the box of the animal beside the box's share of the
picture (where boxes are known, as those of `vgg-transfer sample`: for all pictures, and for those
with smaller boxes), and what blurring the hottest places takes from the answer, against a random
order.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import measuring
import numpy as np

from vgg_transfer.explanations import Heatmap, faithfulness, heatmaps
from vgg_transfer.images.pictures import given
from vgg_transfer.run import read


def main() -> None:
    """Measure the heatmaps of a run and print the result as JSON."""
    arguments = _arguments()
    run, paths = read(arguments.run), [Path(one.path) for one in given(arguments.pictures)]
    number = min(arguments.count, len(paths))
    some = [paths[place * len(paths) // number] for place in range(number)]
    found: dict[str, Any] = {}
    for block in arguments.blocks.split(","):
        found[block] = {}
        if arguments.boxes is not None:
            found[block] |= _within(list(heatmaps(run, some, block)), arguments.boxes)
        told = faithfulness(run, some, block)
        found[block] |= {"times": told.times, "told": told.sentence}
        measuring.tell(block, found[block])
    measuring.answer(found)


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("run", metavar="RUN", type=Path, help="whose model is looked into")
    parser.add_argument("pictures", metavar="PICTURES", type=Path, help="a folder of pictures")
    parser.add_argument("--boxes", type=Path, help="the sample.json beside the pictures' splits")
    parser.add_argument("--count", type=int, default=50, help="pictures, evenly over all (50)")
    parser.add_argument("--blocks", default="block5", help="such as block5,block4 (block5)")
    return parser.parse_args()


def _within(found: list[Heatmap], boxes: Path) -> dict[str, Any]:
    """Return the share of heat within the animals' boxes, beside their share of the pictures."""
    known = json.loads(boxes.read_text(encoding="utf-8"))["animals"]
    shares, areas = [], []
    for one in found:
        name = Path(one.path).relative_to(boxes.parent).as_posix()
        height, width = one.values.shape
        left, top, right, bottom = known[name]
        rows = (np.arange(height) + 0.5) / height
        columns = (np.arange(width) + 0.5) / width
        inside = np.outer((rows >= top) & (rows < bottom), (columns >= left) & (columns < right))
        areas.append((right - left) * (bottom - top))
        shares.append(one.values[inside].sum() / max(one.values.sum(), 1e-9))
    heat, area = np.array(shares), np.array(areas)
    told = {}
    for most in (1.0, 0.5, 0.4):
        few = area <= most
        told[f"boxes up to {most:.0%} of the picture"] = {
            "pictures": int(few.sum()),
            "box": float(area[few].mean()),
            "heat": float(heat[few].mean()),
            "ratio": float(heat[few].mean() / area[few].mean()),
        }
    return told


if __name__ == "__main__":
    main()
