"""How long a training will take, stage by stage, before anything of it is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from vgg_transfer.images.image_set import Split
from vgg_transfer.network import Network
from vgg_transfer.network.parts import cut_of
from vgg_transfer.network.rows import activation_dtype, activation_shape
from vgg_transfer.recipe import Augmentation, Recipe, Stage
from vgg_transfer.recipe.averaging import renderings_of
from vgg_transfer.training.planning.speed import Speed
from vgg_transfer.training.planning.stage_plan import StagePlan, plans_of
from vgg_transfer.training.planning.stored import CountStored

# Forward, and two gradients.
_FORWARDS_A_STEP = 3
# Building the graphs of a stage; the end, with the model's saving. Both hardly depend on size.
_SECONDS_A_STAGE, _SECONDS_AT_THE_END = 4.0, 3.0
# Seven logistic regressions of about a hundred steps, each with two products over all features.
_SECONDS_A_FEATURE = 1.5e-6
# The steps of the search for a rate, and the images of a second opinion.
_STEPS_OF_THE_FINDER, _IMAGES_OF_AN_OPINION = 60, 2_000

# A part of the images as one view at a size: what a row at a cut is of.
_Seen = tuple[Split, int, Augmentation, int]


@dataclass(frozen=True)
class Job:
    """All that decides how long a training takes, but for its recipe.

    Args:
        network: the network that is trained.
        images: how many there are in each split.
        speed: how fast the machine is.
        stored: what the stores hold already.
        room: bytes that may be stored; None: nothing is stored.
        frozen: what filling a store takes, as a share of ``speed``: less than 1 in int8.
    """

    network: Network
    images: Mapping[Split, int]
    speed: Speed
    stored: CountStored
    room: int | None
    frozen: float = 1.0

    def forward(self, blocks: Sequence[str], size: int) -> float:
        """Return the seconds of one image of this size in these blocks."""
        seconds = sum(self.speed.forward[block] for block in blocks)
        return seconds * (size / self.network.recipe.size) ** 2


def seconds_of(job: Job, recipe: Recipe) -> tuple[float, ...]:
    """Return the seconds of each stage at most, and as the last those of judging and saving.

    Args:
        job: the training, apart from its recipe.
        recipe: that of the job's network, or one with other stages.
    """
    job = replace(job, network=replace(job.network, recipe=recipe))
    images = job.images
    plans = plans_of(job.network, images["train"], images["val"], job.room is not None)
    rows = _Rows(job)
    seconds = [_stage(job, plan, rows) for plan in plans]
    return (*seconds, _judging(job, plans[-1]))


def _stage(job: Job, plan: StagePlan, rows: "_Rows") -> float:
    """Return the seconds of a stage; afterwards the rows are as it leaves them."""
    size = job.network.recipe.size_of(plan.stage)
    filling = rows.filling(plan, size)
    if filling is None:  # there is no room, so that the stage will see fresh images
        plan, filling = replace(plan, choice=replace(plan.choice, cut=None, views=0)), 0.0
    rows.moved(plan.stage)
    work = _solving if plan.stage.optimizer == "exact" else _learning
    return filling + work(job, plan, size) + _opinion(job, plan, size)


def _learning(job: Job, plan: StagePlan, size: int) -> float:
    """Return the seconds of a stage that learns by steps, from its stores or its images."""
    stage, train, validation = plan.stage, job.images["train"], job.images["val"]
    cut = cut_of(job.network, stage.train)
    trained = job.forward(job.network.above(cut), size)
    step, look = _FORWARDS_A_STEP * trained, trained
    if plan.choice.cut is None:
        below = job.forward(job.network.below(cut) if cut else (), size)
        fresh = not plan.choice.augmentation.changes_nothing
        step += below + (job.speed.augmented if fresh else job.speed.plain)
        look += below + job.speed.plain
    batch = stage.batch_size or job.network.recipe.batch_size
    finding = _STEPS_OF_THE_FINDER * batch * step if stage.find_rate else 0.0
    return _SECONDS_A_STAGE + finding + stage.epochs * (train * step + validation * look)


def _solving(job: Job, plan: StagePlan, size: int) -> float:
    """Return the seconds of the exact solution of the head."""
    train, validation = job.images["train"], job.images["val"]
    features, units = job.network.blocks["head"][-1].kernel.shape
    seconds = _SECONDS_A_FEATURE * train * features * units
    if plan.choice.cut is None:
        look = job.forward(job.network.above(None), size) + job.speed.plain
        seconds += (train + validation) * look
    return float(seconds)


def _opinion(job: Job, plan: StagePlan, size: int) -> float:
    """Return the seconds of the question whether the stage is worth it, where it is asked."""
    recipe = job.network.recipe
    if recipe.until == "end" or not recipe.opened_below(plan.number):
        return 0.0
    look = job.forward(job.network.above(plan.choice.cut), size)
    return look * (min(job.images["train"], _IMAGES_OF_AN_OPINION) + job.images["val"])


def _judging(job: Job, last: StagePlan) -> float:
    """Return the seconds of the verdict, on test images or else on validation images."""
    recipe, whole = job.network.recipe, job.network.above(None)
    pixels = job.forward(whole, recipe.size) + job.speed.plain
    count, first = job.images["test"], pixels
    if not count:
        count, start = job.images["val"], last.choice.cut
        first = job.forward(job.network.above(start), recipe.size) if start else pixels
    others = renderings_of(recipe.tta) - 1  # nothing is stored of them
    return _SECONDS_AT_THE_END + count * (first + others * pixels)


class _Rows:
    """How many rows there are at each cut as the training goes on."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._filled: dict[tuple[str, _Seen], int] = {}
        self._blocks = tuple(job.network.blocks)
        self._lowest = len(self._blocks)  # the place of the lowest block that has trained

    def filling(self, plan: StagePlan, size: int) -> float | None:
        """Return the seconds of filling a stage's stores, or None where there is no room."""
        job, own = self._job, plan.choice.cut
        if job.room is None or own is None:
            return 0.0
        cuts = (*job.network.below(own)[1:], own)
        parts = _parts(plan, size)
        seconds = needed = 0.0
        for seen in parts:
            there = {cut: self._count(cut, seen) for cut in cuts}
            for count, start, end in _passes(there, plan.cuts, job.images[seen[0]]):
                seconds += count * self._look(start, end, seen)
            for cut in plan.cuts:
                needed += (job.images[seen[0]] - there[cut]) * self._bytes(cut, size)
        if needed > job.room:
            return None
        self._filled |= {(cut, seen): job.images[seen[0]] for cut in plan.cuts for seen in parts}
        return seconds

    def moved(self, stage: Stage) -> None:
        """Forget what lies above the blocks that a stage trains: their weights are others now."""
        lowest = min(self._blocks.index(block) for block in stage.train)
        self._lowest = min(self._lowest, lowest)
        self._filled = {
            (cut, seen): count
            for (cut, seen), count in self._filled.items()
            if self._blocks.index(cut) <= lowest
        }

    def _count(self, cut: str, seen: _Seen) -> int:
        if (cut, seen) in self._filled:
            return self._filled[cut, seen]
        if self._blocks.index(cut) > self._lowest:
            return 0
        split, view, augmentation, size = seen
        return self._job.stored(cut, augmentation, size, split, view)

    def _look(self, start: str | None, end: str, seen: _Seen) -> float:
        """Return the seconds of one image on its way from a cut, or its file, to another cut."""
        job, names = self._job, self._job.network.below(end)
        way = names[names.index(start) :] if start else names
        reading = 0.0 if start else job.speed.augmented if seen[1] else job.speed.plain
        return job.frozen * job.forward(way, seen[3]) + reading

    def _bytes(self, cut: str, size: int) -> float:
        scale = (size / self._job.network.recipe.size) ** 2
        width = 4 if activation_dtype(self._job.network, cut) == "float32" else 2
        return float(np.prod(activation_shape(self._job.network, cut))) * width * scale


def _parts(plan: StagePlan, size: int) -> list[_Seen]:
    """Return what a stage stores: validation images, and its views or the plain images."""
    validation: _Seen = ("val", 0, Augmentation(), size)
    if not plan.choice.views:
        return [validation, ("train", 0, Augmentation(), size)]
    changes = plan.choice.augmentation.of_one_image
    views = range(1, plan.choice.views + 1)
    return [validation, *(("train", view, changes, size) for view in views)]


def _passes(
    there: Mapping[str, int], wanted: Sequence[str], total: int
) -> Iterator[tuple[int, str | None, str]]:
    """Yield how many images go from where (None: their files) to which cut, as filling does it.

    Args:
        there: how many of them have a row at each cut, lowest first. Of any two cuts, the one
            with fewer is taken to hold a part of the other's.
        wanted: the cuts that are to be filled.
        total: the number of images.
    """
    for low, high in pairwise(sorted({0, total, *there.values()})):
        start: str | None = None
        end: str | None = None
        for cut, count in there.items():
            if count > low:
                if end:
                    yield high - low, start, end
                start, end = cut, None
            elif cut in wanted:
                end = cut
        if end:
            yield high - low, start, end
