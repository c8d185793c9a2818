"""What the names of folders say, before any image is read: which classes, which splits."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vgg_transfer.errors import did_you_mean
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import SPLITS, Split
from vgg_transfer.images.names import noted, split_named
from vgg_transfer.words import counted, listed, printable

_LEFTOVERS = ("__MACOSX", "@eaDir")  # written beside images by unpackers and file servers


@dataclass(frozen=True)
class Layout:
    """Class folders with their split. What the names leave open is to be drawn from the train ones.

    `loose` are the files that lie beside class folders; `findings` say what the names left open;
    with `faults` the folder cannot be used.
    """

    class_folders: tuple[tuple[Split, Path], ...] = ()
    loose: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def given(self) -> frozenset[Split]:
        """The splits that the folder gives itself: val and test, or one of them, or none."""
        return frozenset(split for split, _ in self.class_folders if split != "train")


def read_layout(folder: Path, least_classes: int) -> Layout:
    """Return which of the two layouts a folder has, with its classes.

    One class is enough where nothing is to be learnt: then `least_classes` is 1.
    """
    folders, loose = entries(folder)
    if not folders:
        fault = (
            f"it has {counted(len(loose), 'file')} ({listed(loose)}) but no class folders. Put the "
            'images of each class into a folder of its own, such as "cats" and "dogs".'
        )
        return Layout(faults=(fault if loose else "it is empty.",))
    named = [path for path in folders if split_named(path.name)]
    others = [path for path in folders if not split_named(path.name)]
    if not named:
        return _by_class(folders, loose, least_classes)
    if not others or any(entries(path)[0] for path in named):
        return _by_split(named, others, loose, least_classes)
    if [path.name.lower() for path in named] == ["train"]:
        text = f'Folder "{named[0].name}" was taken as a class: it has no class folders inside.'
        layout = _by_class(folders, loose, least_classes)
        return replace(layout, findings=(noted("split-name-is-class", text), *layout.findings))
    fault = (
        f"{listed(named)} without class folders inside, beside {listed(others)}: are these splits "
        "or classes? Put class folders into every split folder, or rename."
    )
    return Layout(faults=(fault,))


def entries(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the folders and the files in a folder, each by name; hidden ones are left out."""
    folders, files = names_in_order(folder)
    return [folder / name for name in folders], [folder / name for name in files]


def names_in_order(folder: Path) -> tuple[list[str], list[str]]:
    """Return the names of the folders and of the files in a folder; hidden ones are left out."""
    kinds: dict[bool, list[str]] = {True: [], False: []}
    with os.scandir(folder) as scanned:
        for entry in scanned:
            if not is_left_out(entry.name):
                kinds[_is_folder(entry)].append(entry.name)
    return sorted(kinds[True], key=os.fsencode), sorted(kinds[False], key=os.fsencode)


def is_left_out(name: str) -> bool:
    """Return whether a file or folder of this name is hidden, or was left by another program."""
    return name.startswith(".") or name in _LEFTOVERS


def _by_class(folders: Sequence[Path], loose: Sequence[Path], least_classes: int) -> Layout:
    inside_out = [
        path
        for path in folders
        if len({split_named(inner.name) for inner in entries(path)[0]} - {None}) > 1
    ]
    faults = _class_faults(folders, least_classes)
    if inside_out:
        faults = [
            f"{listed(inside_out)} {'holds' if len(inside_out) == 1 else 'hold'} split folders. "
            f'Give such a folder itself (did you mean "{printable(inside_out[0])}"?), or put the '
            'splits on the outside: "train/CLASS", "test/CLASS".'
        ]
    return Layout(
        class_folders=tuple(("train", path) for path in folders),
        loose=tuple(loose),
        findings=(noted("no-split-folders", "There are no split folders."),),
        faults=tuple(faults),
    )


def _by_split(
    named: Sequence[Path], others: Sequence[Path], loose: Sequence[Path], least_classes: int
) -> Layout:
    faults, all_loose = [], list(loose)
    chosen: dict[Split, list[Path]] = defaultdict(list)
    classes: dict[Split, list[Path]] = {split: [] for split in SPLITS}
    for path in named:
        split = split_named(path.name) or "train"
        chosen[split].append(path)
        folders, files = entries(path)
        classes[split] += folders
        all_loose += files
        if not folders:
            faults.append(
                f'split folder "{printable(path.name)}" has no class folders, only {len(files)} '
                f"files. Put the images of each class into a folder of its own: "
                f'"{printable(path.name)}/CLASS".'
            )
    faults += [
        f"{listed(paths)} are all names of the split {split}. Keep one of them."
        for split, paths in chosen.items()
        if len(paths) > 1
    ]
    if "train" not in chosen:
        beside = f", only {listed(others)}" if others else ""
        near = next(filter(None, (did_you_mean(path.name, ["train"]) for path in others)), "")
        faults.append(f'{listed(named)}: there is no folder "train" beside{beside}.{near}')
    elif classes["train"]:
        faults += _class_faults(classes["train"], least_classes) + _foreign_classes(classes)
    findings = []
    if "val" not in chosen:
        text = f"There is {'no val' if 'test' in chosen else 'only a train'} folder."
        findings.append(noted("no-val-folder", text))
    if others:
        text = f"Not read, because beside split folders: {listed(others)}."
        findings.append(noted("left-out", text))
    class_folders = tuple((split, path) for split in SPLITS for path in classes[split])
    return Layout(class_folders, tuple(all_loose), tuple(findings), tuple(faults))


def _class_faults(folders: Sequence[Path], least_classes: int) -> list[str]:
    faults = []
    if len(folders) == 1 < least_classes:
        inside, _ = entries(folders[0])
        hint = f' It holds {listed(inside)}: did you mean "{printable(folders[0])}"?'
        fault = f"there is one class only, {listed(folders)}, and a classifier needs two."
        faults.append(fault + hint if len(inside) > 1 else fault)
    for path in folders:
        try:
            path.name.encode()
        except UnicodeEncodeError:  # models, tables and reports carry class names as UTF-8
            faults.append(f"class folder {listed([path])} has a name that is no UTF-8. Rename it.")
    return faults


def _foreign_classes(classes: dict[Split, list[Path]]) -> list[str]:
    known = [path.name for path in classes["train"]]
    return [
        f"class {listed([path])} is in {split} but not in train.{did_you_mean(path.name, known)}"
        for split in SPLITS
        for path in classes[split]
        if path.name not in known
    ]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: counted as a file, whose reading then says why
        return False
