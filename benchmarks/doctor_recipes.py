"""Recipes for benchmarks/doctor.py: healthy ones for many image counts, and one fault in each."""

import random
from typing import Any

from vgg_transfer.doctor.recipes import RecipeCase
from vgg_transfer.recipe import Augmentation, Base, Head, Recipe, Stage, named
from vgg_transfer.recipe.stage import CosinePlan, PlateauPlan

NAMES = ("cat", "cow", "dog", "owl", "fox", "hen", "pig", "rat")
_BLOCKS = ("head", "block1", "block2", "block3", "block4", "block5")
_PIXELS = (0.0, 255.0)
_RANDOM = Base(weights="none", batch_norm=True)
HEALTHY = ("exact-first", "staged", "frozen", "gradual", "probe", "fastai-finetune", "keras-guide")


def counts(train: int, held_out: int, classes: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Return numbers of images by split and class, spread evenly."""
    numbers = {"train": train, "val": held_out, "test": held_out}
    return {
        split: {name: number // len(classes) for name in classes}
        for split, number in numbers.items()
    }


def healthy_case(seed: int) -> RecipeCase:
    """Return a schedule of the catalogue, some of them changed within reason, beside images."""
    draw = random.Random(seed)
    recipe = named(HEALTHY[seed % len(HEALTHY)])
    if draw.random() < 0.7:
        recipe = recipe.changed(
            size=draw.choice([96, 128, 160, 224]),
            batch_size=draw.choice([16, 32, 64]),
            head={"dropout": draw.choice([0.0, 0.3, 0.5])},
        )
    classes = NAMES[: draw.randint(2, len(NAMES))]
    return RecipeCase(
        recipe, counts(draw.randint(250, 8000), draw.randint(100, 900), classes), _PIXELS
    )


def _base(draw: random.Random) -> Recipe:
    """Return a head that is trained first, then block5 gently."""
    return Recipe(
        name="hand-made",
        size=draw.choice([128, 160, 224]),
        batch_size=draw.choice([16, 32]),
        head=Head(dropout=draw.choice([0.2, 0.5])),
        augmentation=Augmentation(flip="horizontal"),
        stage=(
            Stage(train=("head",), epochs=draw.randint(4, 9)),
            Stage(
                train=("head", "block5"),
                epochs=draw.randint(4, 9),
                rate=draw.choice([1e-5, 3e-5]),
                plan=CosinePlan(),
                keep="last",
            ),
        ),
    )


def _changes(draw: random.Random) -> dict[str, dict[str, Any]]:
    """Return what puts each fault into a recipe."""
    return {
        "frozen-noise": {"base": _RANDOM},
        "foreign-preprocessing": {"preprocess": "rescale"},
        "balanced-twice": {
            "sampling": "balanced",
            "class_weights": draw.choice(["balanced", "effective"]),
        },
        "last-size": {"size": 224, "stage_2": {"size": draw.choice([96, 128, 160])}},
        "small-input": {"size": draw.choice([32, 40])},
        "dying-signal": {
            "base": Base(weights="none", initialisation="glorot"),
            "stage_2": {"train": _BLOCKS},
        },
        "few-from-scratch": {"base": _RANDOM, "stage_2": {"train": _BLOCKS}},
        "large-head": {
            "head": Head(pooling="flatten", dense=(draw.choice([128, 256, 1024]),)),
            "augmentation": Augmentation(),
        },
        "wrong-output": {"head": {"output": "sigmoid"}},
        "high-rate": {"stage_2": {"rate": draw.choice([1e-3, 3e-3, 1e-2])}},
        "one-step": {"batch_size": 4096},
        "small-norm": {
            "head": Head(dense=(64,), batch_norm=True),
            "batch_size": draw.choice([2, 4, 6]),
        },
        "idle-patience": {"stage_1": {"plan": PlateauPlan(patience=draw.randint(9, 20))}},
        "lucky-epoch": {"stage_2": {"plan": {"kind": "constant"}, "keep": "best"}},
        "nothing-left": {"augmentation": Augmentation(shift=draw.uniform(0.55, 0.9))},
    }


def planted_case(code: str, seed: int) -> RecipeCase:
    """Return a recipe with this fault, beside images."""
    draw = random.Random(seed)
    recipe = named("full") if code == "cold-head" else _base(draw)
    recipe = recipe.changed(**_changes(draw).get(code, {}))
    many = code in ("frozen-noise", "dying-signal")
    train = draw.randint(20_000, 60_000) if many else draw.randint(300, 3000)
    held_out = {"no-validation": 0, "lucky-epoch": draw.randint(60, 300)}.get(code, 700)
    classes = NAMES[: draw.randint(3, len(NAMES))]
    if code == "asked-flip":
        classes = draw.choice([("3", "5", "6"), ("left turn", "right turn"), ("a", "b", "d")])
    pixels = (0.0, draw.choice([0.0, 1.0])) if code == "divided-twice" else _PIXELS
    return RecipeCase(recipe, counts(train, held_out, classes), pixels)
