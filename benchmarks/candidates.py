"""What was tried for the default: each changes one thing of the base (see defaults.py)."""

import re
from pathlib import Path
from typing import Any

from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.recipe.catalogue.registry import exact_first, fastai_finetune, keras_guide, probe

_BLOCKS = ("block4", "block5")
BASE = exact_first(name="base", description="")

_CHANGES: dict[str, dict[str, Any]] = {
    "rate-1e-4": {"stage_2": {"rate": 1e-4}},
    "rate-1e-5": {"stage_2": {"rate": 1e-5}},
    "epochs-2": {"stage_2": {"epochs": 2}},
    "epochs-10": {"stage_2": {"epochs": 10}},
    "plain": {"views": "plain"},
    "views-2": {"views": 2},
    "views-8": {"views": 8},
    "smoothing": {"head": {"label_smoothing": 0.1}},
    "mixup": {"augmentation": {"mixup": 0.2}},
    "adamw": {"stage_2": {"optimizer": "adamw", "weight_decay": 0.05}},
    "sgd": {"stage_2": {"optimizer": "sgd", "rate": 1e-3}},
    "dropout": {"head": {"dropout": 0.2}},
    "pooling-both": {"head": {"pooling": "both"}},
    "head-blocks": {"head": {"blocks": _BLOCKS}},
    "head-blocks-both": {"head": {"blocks": _BLOCKS, "pooling": "both"}},
    "head-blocks-3": {"head": {"blocks": ("block3", "block4", "block5"), "pooling": "both"}},
    "best": {"stage_2": {"keep": "best"}},
    "ema": {"stage_2": {"keep": "ema"}},
    "swa": {"stage_2": {"keep": "swa", "average_epochs": 2}},
    "pull": {"stage_2": {"pull": 1.0}},
    "cv": {"stage_1": {"strength": "cross-validation"}},
    "flip": {"tta": "flip"},
    "one-cycle": {"stage_2": {"plan": {"kind": "one-cycle"}}},
    "constant": {"stage_2": {"plan": {"kind": "constant"}}},
    "small-first": {
        "stage": (
            BASE.stage[0],
            BASE.stage[1].changed(epochs=3, size=160),
            BASE.stage[1].changed(epochs=2),
        )
    },
    "two-blocks": {
        "stage_2": {"train": ("head", "block5", "block4"), "block_decay": 0.5},
    },
    "both-blocks": {
        "head": {"blocks": _BLOCKS},
        "stage_2": {"train": ("head", "block5", "block4"), "block_decay": 0.5, "rate": 1e-4},
    },
    "head-blocks-1e-4": {"head": {"blocks": _BLOCKS}, "stage_2": {"rate": 1e-4}},
    "two-blocks-1e-4": {
        "stage_2": {"train": ("head", "block5", "block4"), "block_decay": 0.5, "rate": 1e-4},
    },
    "all-blocks": {
        "stage_2": {
            "train": ("head", "block5", "block4", "block3", "block2", "block1"),
            "block_decay": 0.5,
            "rate": 1e-4,
        },
    },
}

# Others' policies with so many epochs, to give them the default's minutes: fastai-3 has three with
# all blocks open, keras-guide-4-2 four of the head and two of the whole network.
_OTHERS = re.compile(r"fastai-(\d+)|keras-guide-(\d+)-(\d+)")


def candidate(name: str) -> Recipe:
    """Return the candidate of that name, or else the recipe that ``vgg-transfer`` knows by it."""
    if name == BASE.name:
        return BASE
    if others := _OTHERS.fullmatch(name):
        return _of_others(name, *others.groups())
    if name == "probe-blocks":
        return probe(name=name, head={"blocks": _BLOCKS})
    if name in _CHANGES:
        return BASE.changed(name=name, **_CHANGES[name])
    return choose(Path(name) if name.endswith(".toml") else name)


def _of_others(name: str, fastai: str | None, head: str | None, whole: str | None) -> Recipe:
    if fastai is not None:
        return fastai_finetune(int(fastai), name=name)
    return keras_guide(
        name=name,
        stage_1={"epochs": int(head or 1)},
        stage_2={"epochs": int(whole or 1)},
        batch_size=64,
    )
