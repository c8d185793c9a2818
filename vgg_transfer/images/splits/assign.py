"""The splits of an image set: given by its source, kept from a split file, or drawn.

    splits, findings = assign([Unsplit(digest, "cats"), …], seed, Splitting(fold=Fold(2, 5)))

A split that the source gives always counts; then what a split file says; then what was drawn of
the source before; what is still open is drawn by the rule of `drawing`, class by class. A source
that gives val or test leaves that split as it is: nothing is drawn into it. Asking for what can
have no effect is an error. With groups, all pictures of a group get one split, whatever their
classes.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from vgg_transfer.errors import ImageSetError
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import Split
from vgg_transfer.images.names import noted
from vgg_transfer.images.splits.drawing import DrawingPlan
from vgg_transfer.images.splits.grouping import Unsplit, count_groups, is_group, unit_keys
from vgg_transfer.images.splits.memory import drawing_file
from vgg_transfer.images.splits.notes import plan_notes
from vgg_transfer.images.splits.open_units import Drawing, draw_or_recall
from vgg_transfer.images.splits.splitting import DEFAULT_SPLITTING, Splitting, plan_drawing
from vgg_transfer.words import counted, listed

_SHOWN = 3


_Items = Sequence[Unsplit]


def assign(
    items: _Items,
    seed: int,
    splitting: Splitting = DEFAULT_SPLITTING,
    source: str = "",
    remember: bool = True,
) -> tuple[list[Split], list[Finding]]:
    """Return the split of every picture, in order, and findings on what was decided.

    Args:
        items: the pictures.
        seed: decides what is drawn.
        splitting: how to split what is open. [default: the usual shares]
        source: what the source is known by when its pictures have changed; what was drawn of it
            before is kept, what is drawn is remembered. [default: nothing, each drawing is new]
        remember: False neither reads nor writes what is remembered, and says so.

    Raises:
        ImageSetError: an option has no effect, a group is on both sides, drawing leaves a class
            without train images, or what is remembered is damaged.
    """
    given = {item.split for item in items if item.split}
    plan = plan_drawing(given, splitting, all_given=all(item.split for item in items))
    grouped = any(item.group for item in items)
    if splitting.group is not None and not grouped:
        raise ImageSetError(
            f'The group "{splitting.group}" is found in none of {len(items)} paths, such as '
            f"{_named(items[:1])}. It is a regular expression over the path as shown here."
        )
    kept, findings = _kept(items, given, splitting)
    keys = unit_keys(items)
    fixed = _shared(items, [item.split or own for item, own in zip(items, kept, strict=True)], keys)
    file = drawing_file(source, seed, plan, splitting) if source and plan.shares else None
    drawn, on_drawing = draw_or_recall(Drawing(items, fixed, keys, seed, plan), file, remember)
    splits = [split or drawn[key] for split, key in zip(fixed, keys, strict=True)]
    _check_nothing_is_empty(items, splits, drawn, plan, seed)
    if grouped:
        findings = [noted("groups", _group_note(items, keys)), *findings]
    if drawn:
        pairs = zip(items, splits, strict=True)
        found = [(item.label, split) for item, split in pairs if item.split is None]
        findings = [*plan_notes(plan, given, seed, grouped, found), *findings]
    return splits, [*findings, *on_drawing]


def _kept(
    items: _Items, given: Collection[Split], splitting: Splitting
) -> tuple[list[Split | None], list[Finding]]:
    """Return what the split file says of each picture, and findings on it."""
    digests, paths = splitting.kept, splitting.kept_paths
    kept = [digests.get(item.digest) or paths.get(item.path) for item in items]
    if not digests and not paths:
        return kept, []
    pairs = list(zip(items, kept, strict=True))
    if not any(kept):
        raise ImageSetError(
            f"The split file lists none of these {len(items)} images, neither by content nor by "
            "path. Is it the file of another image set?"
        )
    for split in ("val", "test"):
        against = [item for item, own in pairs if own == split in given and item.split is None]
        if against:
            raise ImageSetError(
                f"The split file puts {_images(against)} into {split}, which is given by the "
                "source and stays as it is. Correct the split file, or move the images."
            )
    decided = sum(own is not None for item, own in pairs if item.split is None)
    new = sum(own is None for item, own in pairs if item.split is None)
    more = f"; {new} more {'is' if new == 1 else 'are'} not in it" if new else ""
    text = f"The split file decides the split of {counted(decided, 'image')}{more}."
    findings = [noted("split-file", text)]
    overruled = [item for item, own in pairs if item.split and own and own != item.split]
    if overruled:
        text = f"The source's own split counts, not the split file's: {_images(overruled)}."
        findings.append(noted("split-file-overruled", text))
    gone = len(digests.keys() - {item.digest for item in items})
    gone += len(paths.keys() - {item.path for item in items})
    if gone:
        text = f"In the split file and not there any more: {counted(gone, 'image')}."
        findings.append(noted("split-file-outdated", text))
    return kept, findings


def _shared(
    items: _Items, fixed: Sequence[Split | None], keys: Sequence[str]
) -> list[Split | None]:
    """Return the fixed splits with those of open pictures whose group or copy has one.

    Raises `ImageSetError` for every group on both sides. Pictures that are open beside a given val
    or test are train, or drawn from it: they are the other side. Copies without a group are left
    where the source has them: that is for the source to know.
    """
    result, faults = list(fixed), list[str]()
    units: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        units[key].append(index)
    for key, members in units.items():
        left_open = [index for index in members if fixed[index] is None]
        held_out = {items[index].split for index in members} & {"val", "test"}
        sides = {fixed[index] for index in members if fixed[index]}
        if is_group(key) and (len(sides) > 1 or (left_open and held_out)):
            faults.append(_on_both_sides([(items[index], fixed[index]) for index in members]))
        followed = sides - held_out
        if len(followed) == 1:
            (split,) = followed
            for index in left_open:
                result[index] = split
    if faults:
        more = f"\nAnd {len(faults) - _SHOWN} more groups." if len(faults) > _SHOWN else ""
        raise ImageSetError(
            "\n".join(faults[:_SHOWN]) + more + "\nA model that knows a group from training is "
            "flattered there: put all images of a group into one split."
        )
    return result


def _on_both_sides(members: Sequence[tuple[Unsplit, Split | None]]) -> str:
    groups = sorted({item.group for item, _ in members if item.group})
    name = f"Group {listed(groups)} is"
    if len(groups) > 1:
        name = f"Groups {listed(groups)} hold copies of one image, so they belong together, but are"
    sides: dict[str, list[Unsplit]] = defaultdict(list)
    for item, split in members:
        sides[split or "left for train"].append(item)
    shown = "; ".join(f"{_images(found)} {split}" for split, found in sorted(sides.items()))
    return f"{name} on both sides: {shown}."


def _check_nothing_is_empty(
    items: _Items, splits: Sequence[Split], drawn: Mapping[str, Split], plan: DrawingPlan, seed: int
) -> None:
    """Raise for an empty fold, and for classes that drawing left without train images."""
    if plan.fold_is and plan.fold_is not in drawn.values():
        what = "group" if any(map(is_group, drawn)) else "image"
        raise ImageSetError(
            f"Fold {plan.fold} of {plan.folds} is empty: with seed {seed}, none of "
            f"{counted(len(drawn), what)} fall into it. Give fewer folds, or another seed."
        )
    learnt = {item.label for item, split in zip(items, splits, strict=True) if split == "train"}
    opened = {item.label for item in items if item.split is None}
    without = sorted(opened - learnt)
    if without:
        raise ImageSetError(
            f"No train images are left in {listed(without)}: with seed {seed}, groups, copies or "
            "the split file put all of them into val or test. Choose another seed or smaller "
            "shares, or give the splits yourself."
        )


def _group_note(items: _Items, keys: Sequence[str]) -> str:
    alone = [item for item in items if not item.group]
    names, units = len({item.group for item in items if item.group}), count_groups(keys)
    note = f"{counted(names, 'group')}, each in one split"
    if units < names:
        note += f"; those that share an image go together, which leaves {units}"
    return f"{note}; without a group: {_images(alone)}." if alone else f"{note}."


def _images(items: _Items) -> str:
    """Return ``3 images ("a.png", "b.png", "c.png")``."""
    return f"{counted(len(items), 'image')} ({_named(items)})"


def _named(items: _Items) -> str:
    return listed(item.path or item.digest[:12] for item in items)
