"""All inputs that a model may have been trained with, tried on labelled images.

All begin with a few images. What is certainly worse than the best is tried no further; the others
get twice as many, until one is left or the images have come to an end. Inputs are told apart by
what images cost (log loss), which sees far smaller differences than accuracy does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.adoption.class_order import (
    LEAST_OF_A_CLASS,
    Labels,
    is_certain,
    likeliest_order,
    losses,
)
from vgg_transfer.adoption.inputs import Input
from vgg_transfer.adoption.stored import Floats
from vgg_transfer.evaluation.intervals import Interval, wilson

_FIRST = 24  # images, at the beginning
# Of the cost of an image: what is worse by less is tried on, since of few images that are nearly
# all right, a small difference may look certain and be chance.
_MATERIAL = 0.05
_RESIZED = 3  # of the best inputs, with which other ways of resizing are tried
_DECIDED = 0.05

Costs = NDArray[np.float64]
Ask = Callable[[Input, int, int], Floats]
"""Gives the probabilities of the images from one place to another, with an input."""


@dataclass(frozen=True)
class Tried:
    """How well a model does with one input.

    Args:
        given: the input.
        images: how many images it was tried on.
        right: how many of them the model was right about.
        loss: what an image costs, at the best temperature.
        decided: whether the best input is certainly better than this one.
    """

    given: Input
    images: int
    right: int
    loss: float
    decided: bool

    @property
    def accuracy(self) -> float:
        """The share that is right."""
        return self.right / self.images

    @property
    def interval(self) -> Interval:
        """The 95% interval of the accuracy (Wilson)."""
        return wilson(self.right, self.images)


@dataclass(frozen=True)
class Race:
    """What came of trying: every input, the best first; and the output of each class."""

    tried: tuple[Tried, ...]
    places: tuple[int, ...]
    order_was_tried: bool

    @property
    def best(self) -> Tried:
        """The input of the least loss."""
        return self.tried[0]

    @property
    def open(self) -> tuple[Tried, ...]:
        """The inputs that are not certainly worse than the best."""
        return tuple(one for one in self.tried[1:] if not one.decided)

    @property
    def is_repaired(self) -> bool:
        """Whether classes stand in another order than was said."""
        return self.places != tuple(range(len(self.places)))


def race(ask: Ask, ways: Sequence[Input], labels: Labels, classes: int, is_square: bool) -> Race:
    """Try inputs, and return how well the model does with each.

    Args:
        ask: the model.
        ways: the inputs.
        labels: the class of each image, so mixed that any beginning has all classes.
        classes: how many there are.
        is_square: whether all pictures are, so that all resizing is the same.
    """
    first = min(max(_FIRST, LEAST_OF_A_CLASS * classes), len(labels))
    found: dict[Input, Floats] = {}
    # Colours first, since a wrong one costs far more than a wrong resizing.
    resize, *others = dict.fromkeys(one.resize for one in ways)
    left = [one for one in ways if one.resize == resize]
    rivals = len(left)
    left = _narrowed(ask, left, labels, first, rivals, found)
    if others and not is_square:
        best = left[:_RESIZED]
        more = [replace(one, resize=other) for one in best for other in others]
        left = _narrowed(ask, [*left, *more], labels, first, rivals + len(more), found)
    _grow(ask, left, len(labels), found)
    result = _result(found, labels, classes)
    # What was dropped for another best may be open beside this one: then all images say.
    while half := [one.given for one in result.open if one.images < len(labels)]:
        _grow(ask, half, len(labels), found)
        result = _result(found, labels, classes)
    return result


def _narrowed(
    ask: Ask,
    ways: list[Input],
    labels: Labels,
    count: int,
    rivals: int,
    found: dict[Input, Floats],
) -> list[Input]:
    """Return the inputs that are not certainly worse than the best, the best first.

    They are tried on so many images at first (``count``), then on twice as many.
    """
    while True:
        _grow(ask, ways, count, found)
        costs = {one: _costs(labels[:count], found[one][:count]) for one in ways}
        best, *others = sorted(ways, key=lambda one: float(costs[one].mean()))
        others = [one for one in others if not _is_far(costs[one], costs[best], rivals)]
        ways = [best, *others]
        if not others or count == len(labels):
            return ways
        count = min(2 * count, len(labels))


def _grow(ask: Ask, ways: Sequence[Input], images: int, found: dict[Input, Floats]) -> None:
    for one in ways:
        known = found.get(one)
        if known is None:
            found[one] = ask(one, 0, images)
        elif len(known) < images:
            found[one] = np.concatenate([known, ask(one, len(known), images)])


def _costs(labels: Labels, rows: Floats) -> Costs:
    """Return what images cost, with the order of classes that suits them best."""
    return losses(likeliest_order(labels, rows)[labels], rows)


def _errors_behind(costs: Costs, best: Costs) -> float:
    """Return by how many standard errors an input costs more than another, image by image."""
    more = costs - best
    spread = float(more.std(ddof=1)) / np.sqrt(len(more)) if len(more) > 1 else 0.0
    return float(more.mean()) / spread if spread else 0.0


def _result(found: dict[Input, Floats], labels: Labels, classes: int) -> Race:
    order_was_tried = bool(np.bincount(labels, minlength=classes).min() >= LEAST_OF_A_CLASS)
    # The order is that of the best input: with any other, it may be anything.
    rows = min(found.values(), key=lambda each: _mean_cost(labels, each))
    places = likeliest_order(labels, rows)
    if not is_certain(labels, rows, places, len(found)):
        places = np.arange(classes)
    outputs = places[labels]
    costs = {one: losses(outputs[: len(rows)], rows) for one, rows in found.items()}
    ranked = sorted(costs, key=lambda one: (-len(costs[one]), float(costs[one].mean())))
    best = costs[ranked[0]]
    tried = tuple(
        Tried(
            given=one,
            images=len(costs[one]),
            right=int((found[one].argmax(axis=1) == outputs[: len(costs[one])]).sum()),
            loss=float(costs[one].mean()),
            decided=_is_worse(costs[one], best[: len(costs[one])], len(ranked) - 1),
        )
        for one in ranked
    )
    return Race(tried, tuple(places.tolist()), order_was_tried)


def _mean_cost(labels: Labels, rows: Floats) -> tuple[int, float]:
    return -len(rows), float(_costs(labels[: len(rows)], rows).mean())


def _is_far(costs: Costs, best: Costs, rivals: int) -> bool:
    """Return whether an input is certainly worse, and by so much that it matters."""
    return float((costs - best).mean()) > _MATERIAL and _is_worse(costs, best, rivals)


def _is_worse(costs: Costs, best: Costs, rivals: int) -> bool:
    """Return whether an input is certainly worse (paired t test, for so many rivals)."""
    from scipy.stats import t

    distance = _errors_behind(costs, best)
    if distance <= 0 or len(costs) < 2:
        return False
    return bool(t.sf(distance, len(costs) - 1) * rivals < _DECIDED)
