"""Sizes, times and accuracy of a run's model in every format, side by side.

    python benchmarks/exports.py RUN --out exports/benchmark

Exports what is not in the folder yet. Of each format: its size, the milliseconds of one image at
the run's size (one at a time, in turns, the median and the range of rounds), the accuracy on the
run's test images, and on how many of them it answers otherwise than in float32. Prints a Markdown
table.
"""

import argparse
import time
from pathlib import Path

import measuring
import numpy as np

from vgg_transfer import run as record
from vgg_transfer.artefacts import Exported, check, is_artefact, open_artefact
from vgg_transfer.artefacts.runtimes import MODELS
from vgg_transfer.exports.export import export
from vgg_transfer.images.decode import decode
from vgg_transfer.images.squares import square
from vgg_transfer.words import size_in_words

ROUNDS, IN_A_ROUND = 7, 10


def main() -> None:
    """Export, measure in turns, and print the table."""
    arguments = _arguments()
    run = record.read(arguments.run)
    missing = [kind for kind in MODELS if not is_artefact(arguments.out / kind)]
    if missing:
        export(run, missing, arguments.out, margin=100)
    opened = {kind: open_artefact(arguments.out / kind) for kind in MODELS}
    rows = run.split("test")[: arguments.images]
    size, how = run.recipe.size, run.recipe.resize
    root = Path(run.image_set.root)
    squares = np.stack([square(decode(root / row.path, size), size, how) for row in rows])
    labels = np.array([run.class_names.index(row.class_name) for row in rows])
    took = _times(opened, squares)
    lines = [
        f"| format | size | of float32 | one image of {size} px | times float32 ONNX | accuracy on "
        f"{len(rows)} test images | other answers | largest difference |",
        "|---|---|---|---|---|---|---|---|",
    ]
    answers = {kind: _answers(one, squares) for kind, one in opened.items()}
    sizes = {kind: check(arguments.out / kind).bytes for kind in MODELS}
    for kind in MODELS:
        times, rows_of = np.array(took[kind]), answers[kind]
        lines.append(
            f"| {kind} | {size_in_words(sizes[kind])} | {sizes[kind] / sizes['onnx']:.1%} "
            f"| {np.median(times):.1f} ms ({times.min():.1f} to {times.max():.1f}) "
            f"| {np.median(np.array(took['onnx']) / times):.2f} "
            f"| {(rows_of.argmax(axis=1) == labels).mean():.1%} "
            f"| {(rows_of.argmax(axis=1) != answers['keras'].argmax(axis=1)).sum()} "
            f"| {np.abs(rows_of - answers['keras']).max():.2g} |"
        )
    print("\n".join(lines))


def _arguments() -> argparse.Namespace:
    parser = measuring.parser(__doc__)
    parser.add_argument("run", type=Path, help="a run whose images are where they were")
    parser.add_argument("--out", type=Path, default=Path("exports/benchmark"), help="the models")
    parser.add_argument("--images", type=int, default=500, help="test images at most")
    return parser.parse_args()


def _times(opened: dict[str, Exported], squares: np.ndarray) -> dict[str, list[float]]:
    """Return milliseconds of one image, of every round, the formats in turns."""
    for one in opened.values():
        one.probabilities(squares[:1])
    took: dict[str, list[float]] = {kind: [] for kind in opened}
    for _ in range(ROUNDS):
        for kind, one in opened.items():
            began = time.perf_counter()
            for place in range(IN_A_ROUND):
                one.probabilities(squares[place : place + 1])
            took[kind].append(1000 * (time.perf_counter() - began) / IN_A_ROUND)
    return took


def _answers(one: Exported, squares: np.ndarray) -> np.ndarray:
    return np.concatenate(
        [one.probabilities(squares[start : start + 10]) for start in range(0, len(squares), 10)]
    )


if __name__ == "__main__":
    main()
