"""What is to be said of an adopted model: how it was trained, and how sure that is."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vgg_transfer.adoption.inputs import Input
from vgg_transfer.adoption.racing import Race, Tried
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted, printable

if TYPE_CHECKING:
    from vgg_transfer.adoption.recognising import Recognised


def findings_of(
    network: "Recognised", model: Path, given: Input, race: Race | None, is_said: bool
) -> tuple[Finding, ...]:
    """Return what a reader of the run should know.

    Args:
        network: what was recognised.
        model: where it came from.
        given: how pixels are given to it.
        race: what came of trying inputs; None: there were no images.
        is_said: whether the user has said how pixels are scaled.
    """
    return tuple(
        Finding(code, "note" if code in _NOTES else "warning", "adoption", seen, remedy)
        for code, seen, remedy in _seen(network, model, given, race, is_said)
    )


_NOTES = ("adopted", "adopted-class-order")


def _seen(
    network: "Recognised", model: Path, given: Input, race: Race | None, is_said: bool
) -> Iterator[tuple[str, str, str]]:
    """Yield the code of each finding, what was seen, and what to do."""
    what = f"the model was trained elsewhere and adopted from {printable(model.name)}"
    yield "adopted", f"{what}; pixels are given to it as {given}", ""
    for remark in network.remarks:
        yield "adopted-output", remark, ""
    if race is None:
        if not is_said:
            yield (
                "adopted-input-assumed",
                f"nobody has tried how pixels have to be given to it: {given} is assumed",
                "adopt it with labelled images, which tell, or say it (--scaling /255)",
            )
        return
    if _is_at_chance(race):
        yield (
            "adopted-at-chance",
            f"with no input that was tried is it better than chance ({_result(race.best)})",
            "look whether the images are of its classes, and whether it ever learnt",
        )
    elif race.open:
        yield (
            "adopted-input-open",
            f"it does best with {given}; whether it was trained so is in doubt",
            "give images that it was trained on, which tell most, or more of them (--images)",
        )
    if race.is_repaired:
        yield (
            "adopted-class-order",
            "its classes stand, with overwhelming likelihood, in another order than was said, and "
            "were put in the order that its answers show",
            "",
        )


def sentences(race: Race) -> tuple[str, ...]:
    """Say what a model was trained with, and how sure that is; and what of its classes' order."""
    return _of_input(race), _of_order(race)


def _of_input(race: Race) -> str:
    said = f"{race.best.given}: {_result(race.best)}"
    if _is_at_chance(race):
        return (
            f"no input that was tried is better than chance, not even {said}. These are not images "
            "of its classes, or it has learnt nothing"
        )
    if race.open:
        return (
            f"it does best with {said}. Whether it was trained so is in doubt: "
            f"{_listed(race.open)} cannot be told from it on these images. Those that it was "
            "trained on tell most"
        )
    return f"it was trained with {said}, certainly better than all else that was tried"


def _of_order(race: Race) -> str:
    if race.is_repaired:
        return "its classes stand in another order than was said; that was put right"
    if race.order_was_tried:
        return "no other order of its classes is overwhelmingly likely"
    return "whether its classes stand in another order was not tried: too few images of each"


def _is_at_chance(race: Race) -> bool:
    return race.best.interval.low <= 1 / len(race.places)


def _result(one: Tried) -> str:
    return (
        f"{in_points(one.accuracy)}% of {counted(one.images, 'image', ',')} are right "
        f"{one.interval}"
    )


def _listed(tried: tuple[Tried, ...], most: int = 4) -> str:
    shown = [f"{one.given} ({in_points(one.accuracy)}%)" for one in tried[:most]]
    more = len(tried) - most
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
