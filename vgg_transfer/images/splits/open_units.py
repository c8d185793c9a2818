"""The open units of an image set get their splits: as they were drawn before, or by a new drawing.

A unit is a picture with its copies, or a group; one with several classes is drawn with that of
which it has most.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import SPLITS, Split
from vgg_transfer.images.names import noted
from vgg_transfer.images.splits.drawing import DrawingPlan, draw_class, is_in_fold
from vgg_transfer.images.splits.grouping import Unsplit, is_group
from vgg_transfer.images.splits.memory import recall, write_down
from vgg_transfer.images.splits.notes import memory_notes
from vgg_transfer.words import listed

_NOT_WANTED = "--no-cache, cache=False"


@dataclass(frozen=True)
class Drawing:
    """What a drawing begins with; the three sequences belong together.

    Args:
        items: all pictures of the image set.
        fixed: the split of each, None where it is open.
        keys: the unit of each.
        seed: decides the order in which units are drawn.
        plan: the shares, or the fold.
    """

    items: Sequence[Unsplit]
    fixed: Sequence[Split | None]
    keys: Sequence[str]
    seed: int
    plan: DrawingPlan

    @cached_property
    def opened(self) -> set[str]:
        """The units with a picture that has no split."""
        return {key for key, split in zip(self.keys, self.fixed, strict=True) if split is None}


def draw_or_recall(
    drawing: Drawing, file: Path | None, remember: bool
) -> tuple[dict[str, Split], list[Finding]]:
    """Return the splits of the open units by key, and findings.

    What is in a fold is not remembered: its place alone decides. A unit is known by its group and
    by each of its pictures. Where these were apart before, as groups that have got a picture in
    common, train counts first: nothing that may have been learnt from becomes a test.

    Args:
        drawing: the units, the seed and the plan.
        file: where drawings are remembered; None: nowhere.
        remember: False neither reads nor writes the file, and says so.
    """
    keys = drawing.keys
    lasting = {key for key in drawing.opened if not is_in_fold(key, drawing.seed, drawing.plan)}
    if file is None or not lasting:
        return _drawn(drawing, {})
    names = {key: key for key in lasting}
    pairs = zip(drawing.items, keys, strict=True)
    names |= {item.digest: key for item, key in pairs if key in lasting}
    remembered, failure = recall(file, names) if remember else ({}, _NOT_WANTED)
    known: dict[str, Split] = {}
    for name, split in remembered.items():
        known[names[name]] = min(split, known.get(names[name], split), key=SPLITS.index)
    drawn, findings = _drawn(drawing, known)
    new = {name: drawn[key] for name, key in names.items() if name not in remembered}
    if new and not failure:
        failure = write_down(file, new)
    kept = sum(key in known for key in keys)
    added = sum(key in lasting for key in keys) - kept
    return drawn, [*findings, *memory_notes(kept, added, failure)]


def _drawn(drawing: Drawing, known: Mapping[str, Split]) -> tuple[dict[str, Split], list[Finding]]:
    """Return the splits of the open units, those that are known included, and findings."""
    seed, plan = drawing.seed, drawing.plan
    present: dict[str, set[Split]] = defaultdict(set)
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    before = dict(known)
    for item, fixed, key in zip(drawing.items, drawing.fixed, drawing.keys, strict=True):
        split = fixed or known.get(key)
        if split:
            present[item.label].add(split)
        if item.split is None:  # what the source gives has no part in the shares
            labels[key][item.label] += 1
            if fixed and key not in drawing.opened:
                before[key] = fixed
    classes: dict[str, list[str]] = defaultdict(list)
    settled: dict[str, Counter[Split]] = defaultdict(Counter)
    for key, counts in labels.items():
        most = max(counts.values())  # between equals the first by name, not the first met
        label = min(label for label, count in counts.items() if count == most)
        if key in before:
            settled[label][before[key]] += 1
        else:
            classes[label].append(key)
    drawn = dict(known)
    held_back = list[str]()
    for label, members in sorted(classes.items()):
        splits = draw_class(members, seed, plan, settled[label], present[label])
        drawn |= splits
        if any(is_in_fold(key, seed, plan) and splits[key] != plan.fold_is for key in members):
            held_back.append(label)
    if not held_back:
        return drawn, []
    what = "groups" if any(map(is_group, drawing.opened)) else "images"
    text = (
        f"Few {what} in {listed(held_back)}: all of them fall into fold {plan.fold}, and one "
        f"stays train, to be learnt from. It is {plan.fold_is} in no fold."
    )
    return drawn, [noted("kept-from-fold", text)]
