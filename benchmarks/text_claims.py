"""The warnings of five widely read texts on VGG16, each tested on your own photographs.

    python benchmarks/text_claims.py CLAIM DATA

trains two recipes that differ in the one thing the warning is about, on the same images, split and
seeds, and prints one JSON object: accuracy of both on the test images, the difference with its
interval, and a verdict in words. CLAIM is one of the names below, "photographs" or "cifar" for
those that are meant for such images, or "all".
"""

import argparse
import json
import logging
import math
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import measuring
import numpy as np
from numpy.typing import NDArray

import vgg_transfer as vt
from vgg_transfer.errors import TrainingError, VggTransferError
from vgg_transfer.evaluation import Interval, wilson
from vgg_transfer.evaluation.crossed import analyse, difference_interval, share_interval
from vgg_transfer.images import ImageRecord, ImageSet
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, override
from vgg_transfer.recipe.catalogue.texts_cifar import CIFAR_10, CIFAR_100
from vgg_transfer.recipe.catalogue.texts_photos import DOG_CAT, IMAGENET, ISSUES
from vgg_transfer.recipe.stage import BASE_BLOCKS, BLOCKS, CosinePlan
from vgg_transfer.run import Run


@dataclass(frozen=True)
class Side:
    """What one side changes in the claim's recipe, and the rates it may choose from."""

    name: str
    rates: tuple[float, ...]
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A warning, read as: ``better`` gets more test images right than ``worse``.

    ``text`` is its address, ``says`` its content in a few words, ``kind`` the images it is about,
    ``images`` how many of them are trained on. Both sides train ``recipe`` with their own settings.
    """

    name: str
    text: str
    says: str
    kind: Literal["photographs", "cifar"]
    images: int
    recipe: Recipe
    better: Side
    worse: Side


@dataclass(frozen=True)
class Measured:
    """The result of one side: the rate it chose, and which test images were right, by seed."""

    rate: float
    validation_losses: dict[float, float]
    right: NDArray[np.bool_]
    runs: tuple[Run, ...]


_HEAD_RATES = (1e-2, 1e-3, 1e-4, 1e-5)
_BLOCK5_RATES = (1e-3, 3e-4, 1e-4)
_SCRATCH_RATES = (1e-2, 3e-3, 1e-3, 3e-4)

_FROZEN = Recipe(
    size=128, head=Head(dense=(256,)), stage=(Stage(train=("head",), epochs=30, batch_size=32),)
)
# As many stored views as epochs: every epoch has its own, as with fresh augmentation.
_BLOCK5 = Recipe(
    size=96, batch_size=16, views=20, stage=(Stage(train=("head", "block5"), epochs=20),)
)
_SCRATCH = Recipe(
    size=32,
    preprocess="standardize",
    base=Base(weights="none", width=0.5),
    head=Head(dropout=0.5),
    stage=(Stage(train=BLOCKS, epochs=12, plan=CosinePlan(warm_up=1.0)),),
)
_CIFAR_HEAD = Head(pooling="flatten", dense=(512,), dropout=0.5, output="softmax")
# Batch norm in the head, for both sides: activations of block4 and block5 differ much in size, and
# without it every head is so sure of itself that its log loss is worse than guessing's.
_FROZEN_CIFAR = Recipe(
    size=32,
    head=_CIFAR_HEAD.changed(dense=(1024,), batch_norm=True),
    stage=(Stage(train=("head",), epochs=20),),
)
_SIMPLE = Augmentation(crop_padding=12, flip="horizontal", rotation=20.0)
_ADVANCED = ("brightness=0.2", "contrast=0.2", "saturation=0.2", "hue=0.1", "erasing=0.25")

CLAIMS = (
    Claim(
        "preprocessing",
        IMAGENET,
        "proper normalisation is essential; its own example, and another text's, divide by 255",
        "photographs",
        200,
        _FROZEN,
        Side("what the weights were trained with", _HEAD_RATES),
        Side("pixels / 255", _HEAD_RATES, ("preprocess=rescale",)),
    ),
    Claim(
        "random-base",
        DOG_CAT,
        "dense layers on a frozen base of random weights do not capture enough",
        "photographs",
        200,
        _FROZEN,
        Side("frozen ImageNet base", _HEAD_RATES),
        Side(
            "frozen random base", _HEAD_RATES, ("base.weights=none", "base.initialisation=glorot")
        ),
    ),
    Claim(
        "flatten",
        ISSUES,
        "so many parameters overfit limited data: pool before the dense layers",
        "photographs",
        200,
        _FROZEN,
        Side("pooled", _HEAD_RATES),
        Side("flattened", _HEAD_RATES, ("head.pooling=flatten",)),
    ),
    Claim(
        "augmentation",
        ISSUES,
        "few images need augmentation: rotation, shifts, shear, zoom and mirroring",
        "photographs",
        100,
        _BLOCK5,
        Side("augmented", _BLOCK5_RATES, ("augmentation=generator-photos",)),
        Side("plain", _BLOCK5_RATES),
    ),
    Claim(
        "advanced-augmentation",
        ISSUES,
        "cropping, mirroring and rotation are not enough: add colour jitter, erasing and MixUp",
        "photographs",
        100,
        _BLOCK5.changed(augmentation=_SIMPLE),
        Side(
            "advanced",
            _BLOCK5_RATES,
            tuple(f"augmentation.{change}" for change in (*_ADVANCED, "mixup=0.2")),
        ),
        Side("simple", _BLOCK5_RATES),
    ),
    Claim(
        "truncated",
        CIFAR_100,
        "from scratch at 32 pixels, fewer layers overfit less",
        "cifar",
        1200,
        _SCRATCH.changed(head=_CIFAR_HEAD),
        Side(
            "blocks 1 to 4",
            _SCRATCH_RATES,
            ("base.blocks=4", f"stage.1.train={json.dumps(['head', *BASE_BLOCKS[:4]])}"),
        ),
        Side("all blocks", _SCRATCH_RATES),
    ),
    Claim(
        "truncated-transfer",
        CIFAR_100,
        "fewer layers are better at 32 pixels with transferred weights too",
        "cifar",
        1200,
        _FROZEN_CIFAR,
        Side("blocks 1 to 4", _HEAD_RATES, ("base.blocks=4",)),
        Side("all blocks", _HEAD_RATES),
    ),
    Claim(
        "batch-norm",
        CIFAR_10,
        "without batch normalisation a deep network trains badly from scratch",
        "cifar",
        1200,
        _SCRATCH,
        Side("batch norm", _SCRATCH_RATES, ("base.batch_norm=true",)),
        Side("no batch norm", _SCRATCH_RATES),
    ),
    Claim(
        "initialisation",
        CIFAR_10,
        "initialisation must fit the activation: He's is made for ReLU, Keras's own is Glorot's",
        "cifar",
        1200,
        _SCRATCH,
        Side("He", (3e-3, 1e-3, 3e-4)),
        Side("Glorot", (1e-3, 3e-4, 1e-4), ("base.initialisation=glorot",)),
    ),
    Claim(
        "optimizer",
        CIFAR_10,
        "SGD with momentum and a good schedule can do better than Adam",
        "cifar",
        1200,
        override(_SCRATCH, ["base.batch_norm=true"]),
        Side("SGD, momentum 0.9", (1e-2, 3e-3, 1e-3), ("stage.1.optimizer=sgd",)),
        Side("Adam", (1e-2, 3e-3, 1e-3)),
    ),
)


def main() -> None:
    """Measure the claims that are asked for and print the result as JSON."""
    arguments = _arguments()
    # Many small trainings in one process: TensorFlow warns that each builds a graph of its own.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    wanted = [claim for claim in CLAIMS if arguments.claim in (claim.name, claim.kind, "all")]
    try:
        image_set = vt.load_images(arguments.data)
        found = {}
        for claim in wanted:
            found[claim.name] = measured = measure(claim, image_set, arguments)
            measuring.tell(claim.name, measured)
    except VggTransferError as error:
        raise SystemExit(str(error)) from None
    measuring.answer({"data": image_set.source, "claims": found})


def measure(claim: Claim, image_set: ImageSet, arguments: argparse.Namespace) -> dict[str, Any]:
    """Train both sides on the same images and compare them image by image."""
    began = time.perf_counter()
    test = draw(image_set.split("test"), arguments.test, seed=0)
    if not test:
        raise SystemExit("text_claims.py: the images have no test split, nothing could be judged")
    sets = [_training_set(claim, image_set, arguments, seed) for seed in range(arguments.seeds)]
    common = [f"size={arguments.size}"] if arguments.size else []
    common += [f"stage.1.epochs={arguments.epochs}"] if arguments.epochs else []
    recipe = override(claim.recipe, common)
    sides = (claim.better, claim.worse)
    with tempfile.TemporaryDirectory() as folder:
        better, worse = (
            _measure_side(recipe, side, sets, test, Path(folder) / str(number))
            for number, side in enumerate(sides)
        )
    gain = better.right.astype(np.int8) - worse.right
    interval = difference_interval(analyse(gain))
    labels = Counter(one.label for one in test)
    return {
        "text": claim.text,
        "says": claim.says,
        "images": {split: len(sets[0].split(split)) for split in ("train", "val")}
        | {"test": len(test)},
        "classes": len(image_set.class_names),
        "majority_baseline": _rounded(max(labels.values()) / len(test)),
        "size": recipe.size,
        "epochs": recipe.stage[0].epochs,
        "precision": better.runs[0].environment.precision,
        "device": better.runs[0].environment.device,
        "sides": {
            side.name: _told(side, one) for side, one in zip(sides, (better, worse), strict=True)
        },
        "difference": _rounded(gain.mean()),
        "difference_interval": _rounded_ends(interval),
        "difference_by_seed": [_rounded(share) for share in gain.mean(axis=1)],
        "verdict": verdict(interval, len(test)),
        "seconds": round(time.perf_counter() - began, 1),
    }


def verdict(interval: Interval, images: int) -> str:
    """Return what the interval of the difference says about the claim."""
    if interval.low > 0:
        return "true here"
    if interval.high < 0:
        return "false here"
    return f"not distinguishable with {images} test images"


def draw(records: Sequence[ImageRecord], count: int, seed: int) -> tuple[ImageRecord, ...]:
    """Return ``count`` records, or all, as evenly from the classes as these allow."""
    order = np.random.default_rng(seed).permutation(len(records))
    before: Counter[int] = Counter()
    ranks = {}
    for place in order.tolist():
        ranks[place] = before[records[place].label]
        before[records[place].label] += 1
    chosen = sorted(ranks, key=ranks.__getitem__)[:count]
    return tuple(records[place] for place in sorted(chosen))


def _training_set(
    claim: Claim, image_set: ImageSet, arguments: argparse.Namespace, seed: int
) -> ImageSet:
    """Return a seed's own training images with the common validation images, and no test images.

    So no choice can depend on the test images: they are judged after everything is decided.
    """
    train = draw(image_set.split("train"), arguments.images or claim.images, seed)
    validation = draw(image_set.split("val"), arguments.validation, seed=0)
    return replace(image_set, records=(*train, *validation), skipped=(), findings=())


def _measure_side(
    recipe: Recipe,
    side: Side,
    sets: Sequence[ImageSet],
    test: Sequence[ImageRecord],
    folder: Path,
) -> Measured:
    """Choose the rate on the validation images with the first seed, then train the other seeds."""
    rated = {
        rate: override(recipe, [*side.settings, f"stage.1.rate={rate}"]) for rate in side.rates
    }
    tried = {rate: _trained(one, sets[0], folder / f"{rate}-0", 0) for rate, one in rated.items()}
    losses = {
        rate: run.metrics.log_loss if run.metrics else math.inf for rate, run in tried.items()
    }
    rate = min(losses, key=losses.__getitem__)
    others = [
        _trained(rated[rate], sets[seed], folder / f"{rate}-{seed}", seed)
        for seed in range(1, len(sets))
    ]
    runs = (tried[rate], *others)
    measuring.tell(side.name, {"trainings": len(tried) + len(others)})
    names = [sets[0].class_names[one.label] for one in test]
    predicted = [run.predict([one.path for one in test]) for run in runs]
    right = np.array(
        [[one.label == name for one, name in zip(row, names, strict=True)] for row in predicted]
    )
    return Measured(rate, losses, right, runs)


def _trained(recipe: Recipe, image_set: ImageSet, folder: Path, seed: int) -> Run:
    """Train; where the loss becomes NaN, return the run with its last good weights."""
    import keras

    keras.utils.clear_session()  # the graphs of the training before are not needed any more
    try:
        return vt.train(recipe, image_set, folder, seed=seed)
    except TrainingError:
        return vt.read_run(folder)


def _told(side: Side, measured: Measured) -> dict[str, Any]:
    right = measured.right
    by_seed = [wilson(int(row.sum()), len(row)) for row in right]
    return {
        "settings": list(side.settings),
        "rate": measured.rate,
        "validation_log_loss_by_rate": {
            str(rate): _rounded(loss) if math.isfinite(loss) else None
            for rate, loss in measured.validation_losses.items()
        },
        "seeds_that_diverged": [run.seed for run in measured.runs if run.status != "complete"],
        "accuracy_by_seed": [_rounded(share) for share in right.mean(axis=1)],
        "interval_by_seed": [_rounded_ends(one) for one in by_seed],
        "accuracy": _rounded(right.mean()),
        "interval": _rounded_ends(share_interval(analyse(right))),
    }


def _rounded_ends(interval: Interval) -> list[float]:
    return [_rounded(interval.low), _rounded(interval.high)]


def _rounded(share: float) -> float:
    return round(float(share), 4)


def _arguments() -> argparse.Namespace:
    names = "\n".join(f"  {claim.name:<22} ({claim.kind}) {claim.says}" for claim in CLAIMS)
    parser = measuring.parser(f"{__doc__}\nclaims:\n{names}")
    choices = [*(claim.name for claim in CLAIMS), "photographs", "cifar", "all"]
    parser.add_argument("claim", metavar="CLAIM", choices=choices, help=", ".join(choices))
    parser.add_argument("data", metavar="DATA", help="a source of images with a test split")
    parser.add_argument("--images", type=int, default=0, help="training images; 0: the claim's own")
    parser.add_argument("--validation", type=int, default=200, help="validation images, at most")
    parser.add_argument("--test", type=int, default=2000, help="test images, at most")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each side")
    parser.add_argument("--size", type=int, default=0, help="in pixels; 0: the claim's own")
    parser.add_argument("--epochs", type=int, default=0, help="0: the claim's own")
    arguments = parser.parse_args()
    if min(arguments.validation, arguments.test, arguments.seeds) < 1:
        parser.error("--validation, --test and --seeds: at least 1")
    if min(arguments.images, arguments.size, arguments.epochs) < 0:
        parser.error("--images, --size and --epochs: 0 or more")
    return arguments


if __name__ == "__main__":
    main()
