"""What is to be said of an adopted model: how it was trained, and how sure that is."""

from collections.abc import Iterator
from pathlib import Path

from vgg_transfer.adoption.inputs import Input
from vgg_transfer.adoption.racing import Race, Tried
from vgg_transfer.adoption.recognising import Recognised
from vgg_transfer.evaluation.intervals import in_points
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted, printable


def findings_of(
    network: Recognised, model: Path, given: Input, race: Race | None, is_said: bool
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
    network: Recognised, model: Path, given: Input, race: Race | None, is_said: bool
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
            f"{given} is the likeliest input; {_listed(race.open)} cannot be told from it",
            "give more labelled images (--images), or say it (--scaling, --order, --resize)",
        )
    if race.is_repaired:
        yield (
            "adopted-class-order",
            "its classes stand in another order than was said, overwhelmingly likely, and were put "
            "in the order that its answers show",
            "",
        )


def sentences(race: Race) -> tuple[str, ...]:
    """Say what a model was trained with, and how sure that is."""
    best = race.best
    said = f"{best.given}: {_result(best)}"
    if _is_at_chance(race):
        verdict = (
            f"{said}. No input that was tried is better than chance: these are not images of its "
            "classes, or it has learnt nothing"
        )
    elif race.open:
        verdict = (
            f"most likely with {said}. In doubt: {_listed(race.open)} cannot be told from it on "
            "these images"
        )
    else:
        verdict = f"with {said}, certainly better than all else that was tried"
    if race.is_repaired:
        order = "its classes stand in another order than was said; that was put right"
    elif race.order_was_tried:
        order = "no other order of its classes is overwhelmingly likely"
    else:
        order = "whether its classes stand in another order was not tried: too few images of each"
    return f"it was trained {verdict}" if not _is_at_chance(race) else verdict, order


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
