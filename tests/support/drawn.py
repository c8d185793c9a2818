"""Trainings that are drawn, not trained: an engine whose accuracies and seconds are known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from support.origins import WEIGHTS, environment, images_used
from vgg_transfer import run as record
from vgg_transfer.evaluation import evaluate
from vgg_transfer.images import ImageRecord, ImageSet
from vgg_transfer.recipe import Base, Recipe, Stage
from vgg_transfer.run import (
    Epoch,
    Filled,
    Judged,
    ManifestRow,
    Run,
    StageOutcome,
)

CLASSES = ("blue", "red")


def recipe_of(name, **changes):
    settings = {
        "size": 16,
        "base": Base(weights="none", blocks=2, width=0.05),
        "stage": (Stage(train=("head",)),),
    }
    return Recipe(name=name, **settings | changes)


def images_of(test=60, val=10, source='folder "drawn"', first=0):
    """Return an image set without files; the digests of its test images count from ``first``."""
    splits = ["train"] * 8 + ["val"] * val + ["test"] * test
    counts = {"train": 0, "val": 0, "test": 0}
    records = []
    for split in splits:
        number = counts[split] + (first if split == "test" else 0)
        path = Path(f"/drawn/{split}/{number:03}.png")
        records.append(ImageRecord(path, number % 2, split, f"{split}{number:03}", 16, 16))
        counts[split] += 1
    return ImageSet(source, CLASSES, tuple(records), root=Path("/drawn"))


@dataclass
class Engine:
    """Writes runs that answer so many test images wrongly, by recipe; and counts its trials."""

    wrong: Mapping[str, int]
    seconds: Mapping[str, float] = field(default_factory=dict)
    filled: Mapping[str, tuple[Filled, ...]] = field(default_factory=dict)
    fails: Mapping[str, Exception] = field(default_factory=dict)
    trained: list[str] = field(default_factory=list)

    def __call__(self, trial, image_set, folder, listen):
        self.trained.append(trial.name)
        if trial.name in self.fails:
            raise self.fails[trial.name]
        return write_run(
            trial.recipe,
            trial.seed,
            image_set,
            folder,
            wrong=self.wrong[trial.recipe.name],
            seconds=self.seconds.get(trial.recipe.name, 10.0),
            filled=self.filled.get(trial.name, ()),
        )


def write_run(
    recipe,
    seed,
    image_set,
    folder,
    wrong=0,
    seconds=10.0,
    filled=(),
    status="complete",
    memory=500.0,
) -> Run:
    """Write a run folder whose model is empty and whose wrong answers the seed draws."""
    split = "test" if image_set.split("test") else "val"
    held_out, classes = image_set.split(split), image_set.class_names
    labels = np.array([one.label for one in held_out])
    answers = labels.copy()
    mistakes = np.random.default_rng([seed, wrong]).choice(len(labels), wrong, replace=False)
    answers[mistakes] = 1 - answers[mistakes]
    found = np.where(answers[:, None] == np.arange(2), 0.75, 0.25)
    judged = tuple(
        Judged(one.path.name, split, classes[one.label], classes[answer], tuple(map(float, row)))
        for one, answer, row in zip(held_out, answers, found, strict=True)
    )
    done = status == "complete"
    epoch = Epoch(1, 1, 0.5, 0.7, 0.5, 0.7, {"head": 1e-3}, 1.0, 10.0, 0.0, memory)
    return record.write(
        Run(
            folder=folder,
            status=status,
            seed=seed,
            recipe=recipe,
            class_names=image_set.class_names,
            image_set=images_used(image_set),
            weights=WEIGHTS,
            environment=environment(),
            stages=(StageOutcome(1, "head", 1, 1, "val_loss", 0.5, _ended(status), 1.0),),
            history=(epoch,),
            seconds=seconds,
            judged_on=split if done else "",
            metrics=evaluate(labels, found, classes) if done else None,
            judged=judged if done else (),
            manifest=tuple(map(ManifestRow.from_cells, image_set.manifest_rows()[1:])),
            filled=filled,
        ),
        save_model=lambda path: path.write_bytes(b""),
    )


def _ended(status):
    return "the loss became nan" if status == "failed" else "all epochs done"
