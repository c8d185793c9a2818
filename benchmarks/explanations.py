"""Whether heatmaps are true: how much of the heat lies on the animal, and what heat is worth.

    python benchmarks/explanations.py RUN PICTURES --boxes pets/sample.json

prints one JSON object: the share of heat within the box of the animal beside the box's share of the
picture (where boxes are known, as those of `vgg-transfer sample`; --largest 0.4 leaves out animals
that fill more of theirs), and what blurring the hottest places takes from the answer, against a
random order.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import measuring
import numpy as np

from vgg_transfer.explanations.faithfulness import faithfulness
from vgg_transfer.explanations.heatmaps import Heatmap, heatmaps
from vgg_transfer.images.pictures import given
from vgg_transfer.run import read


def main() -> None:
    """Measure the heatmaps of a run and print the result as JSON."""
    arguments = _arguments()
    run, paths = read(arguments.run), [Path(one.path) for one in given(arguments.pictures)]
    boxes = _boxes(arguments.boxes)
    if boxes:
        paths = [path for path in paths if _area(boxes[path]) <= arguments.largest]
    number = min(arguments.count, len(paths))
    some = [paths[place * len(paths) // number] for place in range(number)]
    found: dict[str, Any] = {}
    for block in arguments.blocks.split(","):
        found[block] = {}
        if boxes:
            found[block] |= _within(list(heatmaps(run, some, block)), boxes)
        told = faithfulness(run, some, block)
        found[block] |= {"times": told.times, "told": told.sentence}
        measuring.tell(block, found[block])
    measuring.answer(found)


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("run", metavar="RUN", type=Path, help="whose model is looked into")
    parser.add_argument("pictures", metavar="PICTURES", type=Path, help="a folder of pictures")
    parser.add_argument("--boxes", type=Path, help="the sample.json beside the pictures' splits")
    parser.add_argument("--largest", type=float, default=1.0, help="box, as a share (1)")
    parser.add_argument("--count", type=int, default=50, help="pictures, evenly over all (50)")
    parser.add_argument("--blocks", default="block5", help="such as block5,block4 (block5)")
    return parser.parse_args()


def _boxes(file: Path | None) -> dict[Path, list[float]]:
    """Return left, top, right and bottom of the animal of each picture, as shares of its sides."""
    if file is None:
        return {}
    known = json.loads(file.read_text(encoding="utf-8"))["animals"]
    return {file.parent / name: box for name, box in known.items()}


def _area(box: list[float]) -> float:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _within(found: list[Heatmap], boxes: dict[Path, list[float]]) -> dict[str, Any]:
    """Return the share of heat within the animals' boxes, beside their share of the pictures."""
    shares = []
    for one in found:
        height, width = one.values.shape
        left, top, right, bottom = boxes[Path(one.path)]
        rows = (np.arange(height) + 0.5) / height
        columns = (np.arange(width) + 0.5) / width
        inside = np.outer((rows >= top) & (rows < bottom), (columns >= left) & (columns < right))
        shares.append(one.values[inside].sum() / max(one.values.sum(), 1e-9))
    area = float(np.mean([_area(boxes[Path(one.path)]) for one in found]))
    heat = float(np.mean(shares))
    return {"pictures": len(found), "box": area, "heat": heat, "ratio": heat / area}


if __name__ == "__main__":
    main()
