"""The setting of a published result: its images, how it is run again, and what differs here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import SPLITS, ImageRecord, ImageSet
from vgg_transfer.images.names import noted
from vgg_transfer.recipe import Recipe, Stage, override
from vgg_transfer.reproduction.results import CLASSES, Published
from vgg_transfer.run import Run
from vgg_transfer.words import counted, printable

# Each view costs every image a pass through the base, which is what --fast is to spare.
STORED_VIEWS = 10
PLACE = Path("runs") / "reproduce"


@dataclass(frozen=True)
class Conditions:
    """How published results are run again.

    Args:
        fast: read stored views where the publication rendered images anew in every epoch.
        seed: draws the images that are used, and decides all that is random in the training.
        views: where ``fast``, the most views to store of each image, 1 to 64.
    """

    fast: bool = False
    seed: int = 0
    views: int = STORED_VIEWS

    def folder_of(self, name: str, place: Path = PLACE) -> Path:
        """Return where a result goes that was given no folder: each way has one of its own."""
        way = "-fast" if self.fast else ""
        if self.fast and self.views != STORED_VIEWS:
            way += f"-views{self.views}"
        return place / f"{name}{way}{f'-seed{self.seed}' if self.seed else ''}"

    def recipe_of(self, published: Published) -> tuple[Recipe, tuple[str, ...]]:
        """Return the recipe, and what of it is not as published, a sentence each.

        Raises:
            RecipeError: ``views`` is no number of views.
        """
        if not self.fast:
            return published.recipe, ()
        return with_stored_views(published.recipe, self.views)


def as_published(published: Published, image_set: ImageSet, seed: int) -> ImageSet:
    """Return the image set with no more images to train and choose by than the publication had.

    They are drawn by file contents and seed, as many of each class. All test images stay.

    Raises:
        ImageSetError: there are not two classes, or a split has no images.
    """
    check_images(image_set)
    most = {"train": published.train_images, "val": published.val_images}
    kept: set[ImageRecord] = set(image_set.split("test"))
    findings = list(image_set.findings)
    for split, number in most.items():
        there = [record for record in image_set.records if record.split == split]
        drawn = _draw(there, number, seed)
        kept.update(drawn)
        if len(drawn) < len(there):
            text = (
                f"{len(drawn):,} of {len(there):,} {split} images are used, as in the "
                f"publication, drawn by file contents and seed {seed}."
            )
            findings.append(noted("as-published", text))
    records = tuple(record for record in image_set.records if record in kept)
    return replace(image_set, records=records, findings=tuple(findings))


def with_stored_views(recipe: Recipe, most: int = STORED_VIEWS) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe reading stored views where its images are new in every epoch.

    Its stages share as many views as the longest of them has epochs, but no more than ``most``.
    The sentences say where that is not the same.

    Raises:
        RecipeError: ``most`` is no number of views.
    """
    fresh = [stage for stage in recipe.stage if stage.views == "fresh"]
    quick = override(recipe, ['precision="auto"'])
    precision = "--fast computes in the precision that is fastest here."
    if not fresh:
        return quick, (precision,)
    views = min(most, max(stage.epochs for stage in fresh))
    settings = [
        f"stage.{number}.views={views}"
        for number, stage in enumerate(recipe.stage, 1)
        if stage.views == "fresh"
    ]
    return override(quick, settings), (
        precision,
        f"--fast renders every image {views} times before, not anew in every epoch: "
        f"{_where_not_the_same(fresh, views)}",
    )


def not_as_published(published: Published, run: Run) -> tuple[str, ...]:
    """Return what is not as it was in the publication, a sentence each."""
    found = []
    counts: dict[str, int] = {split: run.image_set.count(split) for split in SPLITS}
    for split, number in (("train", published.train_images), ("val", published.val_images)):
        if counts[split] != number:
            found.append(f"{counted(counts[split], f'{split} image', ',')} here, {number:,} there.")
    test = counted(counts["test"], "test image", ",")
    if published.measured_on == "val":
        found.append(f"Judged on {test} here, on {published.measured} there.")
    elif counts["test"] != published.images:
        found.append(f"{test} here, {published.images:,} there.")
    if {name.lower().removesuffix("s") for name in run.class_names} != {"cat", "dog"}:
        first, second = (f'"{printable(name)}"' for name in run.class_names)
        found.append(f"Tells {first} from {second} here, {' from '.join(CLASSES)} there.")
    if run.environment.precision != "fp32":
        found.append(f"Computed in {run.environment.precision} here, in fp32 there.")
    return (*found, *published.differs)


def check_images(image_set: ImageSet) -> None:
    """Refuse images that no published result can be repeated on."""
    faults = []
    classes = len(image_set.class_names)
    if classes != 2:
        faults.append(
            f"{image_set.source} has {classes} classes, and the published results tell one class "
            "from one other: give images of two classes"
        )
    empty = [split for split in SPLITS if not image_set.split(split)]
    if empty:
        faults.append(
            f"{image_set.source} has no {' and no '.join(empty)} images: give a source with all "
            "three splits, or one without splits, which is split for you"
        )
    if faults:
        raise ImageSetError("\n".join(faults))


def _draw(records: Sequence[ImageRecord], number: int, seed: int) -> list[ImageRecord]:
    """Return that many records, all where there are not more, of every class the same share."""
    ranked: list[tuple[int, ImageRecord]] = []
    for label in sorted({record.label for record in records}):
        of_class = [record for record in records if record.label == label]
        of_class.sort(key=lambda one: (_place(one, seed), str(one.path)))
        ranked += enumerate(of_class)
    # The first of every class, then the second of every class, and so on.
    ranked.sort(key=lambda pair: pair[0])
    return [record for _, record in ranked[:number]]


def _place(record: ImageRecord, seed: int) -> str:
    return hashlib.sha256(f"{seed}/{record.digest}".encode()).hexdigest()


def _where_not_the_same(fresh: Sequence[Stage], views: int) -> str:
    """Say what stored views change for these stages."""
    limits = [
        f"{stage.title} sees them again after {views} of its {stage.epochs} epochs"
        for stage in fresh
        if stage.epochs > views
    ]
    if len(fresh) > 1:
        limits.append(f"{fresh[-1].title} sees views that {fresh[0].title} has seen")
    limits.append("trainings with other seeds see the same ones")
    *first, last = limits
    return f"{', '.join(first)} and {last}." if first else f"{last}."
