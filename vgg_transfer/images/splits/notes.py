"""What is said of a drawing: the shares, the numbers, and what comes from an earlier one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import SPLITS, Split
from vgg_transfer.images.names import noted
from vgg_transfer.images.splits.drawing import DrawingPlan
from vgg_transfer.words import counted, printable

_SHOWN = 3


def plan_notes(
    plan: DrawingPlan,
    given: Collection[Split],
    seed: int,
    grouped: bool,
    found: Sequence[tuple[str, Split]],
) -> list[Finding]:
    """Return a sentence on what is drawn and its numbers, none where the source gives all.

    Args:
        plan: the shares and the fold.
        given: the splits that the source gives.
        seed: of the drawing.
        grouped: whether there are groups.
        found: class and split of every picture, without those that the source gives.
    """
    shares = (("val", plan.validation), ("test", plan.test))
    parts = [f"{share:.3g}% is {name}" for name, part in shares if (share := 100 * part)]
    said = f"of every class, {' and '.join(parts)}" if parts else ""
    if plan.fold_is:
        said = f"fold {plan.fold} of {plan.folds} is {plan.fold_is}{said and f'; {said}'}"
    if not said:
        return [] if given else [noted("splits-drawn", "All images are train.")]
    by = "group" if grouped else "file contents"
    numbers = _in_words(Counter(split for _, split in found), plan)
    text = f"{said[0].upper()}{said[1:]}, drawn by {by} and seed {seed}: {numbers}."
    return [noted("splits-drawn", text + _far_off(plan, found))]


def memory_notes(kept: int, new: int, not_remembered: str) -> list[Finding]:
    """Return what is to be known of drawings before this one and after it.

    Args:
        kept: how many pictures have the split of an earlier drawing.
        new: how many were drawn now.
        not_remembered: why this drawing is not remembered; empty where it is.
    """
    findings = []
    if kept and new:
        keep, be = "keeps" if kept == 1 else "keep", "is" if new == 1 else "are"
        text = f"{counted(kept, 'image')} {keep} the split of an earlier drawing; {new} {be} new."
        findings.append(noted("drawn-before", text))
    if not_remembered:
        text = (
            f"This drawing is not remembered ({not_remembered}): when images are added, others may "
            "change their split. `vgg-transfer images DATA --save FILE.csv` keeps it, for "
            "--splits FILE.csv."
        )
        findings.append(noted("drawing-not-remembered", text))
    return findings


def _far_off(plan: DrawingPlan, found: Sequence[tuple[str, Split]]) -> str:
    """Return the numbers of classes that are further from their shares than an image."""
    classes: dict[str, Counter[Split]] = defaultdict(Counter)
    for label, split in found:
        classes[label][split] += 1
    far = [
        f'"{printable(label)}" ({_in_words(counts, plan)})'
        for label, counts in sorted(classes.items())
        for wanted in [{split: share * counts.total() for split, share in plan.shares.items()}]
        if any(abs(counts[split] - number) > 1 for split, number in wanted.items())
    ]
    more = f" and {len(far) - _SHOWN} more" if len(far) > _SHOWN else ""
    return f" More than one image off: {', '.join(far[:_SHOWN])}{more}." if far else ""


def _in_words(counts: Mapping[Split, int], plan: DrawingPlan) -> str:
    """Return ``28 train, 6 val, 6 test``."""
    there = [split for split in SPLITS if split == "train" or split in plan.drawn or counts[split]]
    return ", ".join(f"{counts[split]} {split}" for split in there)
