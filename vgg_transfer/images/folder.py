"""An image set from a folder, in one of two layouts:

    pets/cats/…  pets/dogs/…                    one folder per class: val and test are drawn
    pets/train/cats/…  pets/test/cats/…  …      split folders with class folders inside

In the second one `val` and `test` may be missing. A missing val is drawn from train. A missing
test is drawn as well where val is missing too; beside a given val there is then no test split.
What was decided is in the notes of the image set.

Folders within a class folder are read as well. Hidden files and folders are ignored; every other
file in a class folder that is no readable image is listed with the reason. Nothing is changed.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.decode import ImageFacts, Undecodable, inspect
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped, Split, printable
from vgg_transfer.images.layout import Layout, entries, listed, read_layout
from vgg_transfer.images.splits import DEFAULT_SHARES, Shares, own_split, split_class

_SCANNED_AT_ONCE = 1024  # files handed to the threads together: bounds what waits in memory
_SHOWN_FAULTS = 20


def load_folder(folder: Path | str, seed: int = 0, shares: Shares = DEFAULT_SHARES) -> ImageSet:
    """Return the images of a folder; `seed` and `shares` say how missing splits are drawn.

    Raises `ImageSetError`: before any image is read, with every fault that names show; after
    that, with every class that has no readable image.
    """
    root = Path(folder).absolute()
    try:
        _check_is_folder(root)
        layout = read_layout(root, seed, shares)
    except OSError as error:
        reason = f'"{printable(error.filename)}" cannot be read: {error.strerror}.'
        raise _unusable(root, [reason]) from error
    files, skipped = _files_below(layout, root)
    faults = [*layout.faults, *_bare_folders(root, layout, files, files, skipped)]
    if faults:
        raise _unusable(root, faults)

    facts: dict[Path, ImageFacts] = {}
    for path, result in _scan([path for paths in files.values() for path in paths]):
        if isinstance(result, ImageFacts):
            facts[path] = result
        else:
            skipped.append(Skipped(path, str(result)))
    images = {folder: [path for path in paths if path in facts] for folder, paths in files.items()}
    faults = _bare_folders(root, layout, files, images, skipped)
    if faults:
        raise _unusable(root, faults)

    records, stand_ins = _records(layout, images, facts, seed)
    skipped += _misplaced(layout.loose)
    image_set = ImageSet(
        source=f"folder {printable(root)}",
        class_names=_class_names(layout),
        records=tuple(sorted(records, key=lambda record: _order(record.path))),
        skipped=tuple(sorted(skipped, key=lambda entry: _order(entry.path))),
        root=root,
    )
    notes = [*layout.notes, *_notes(image_set, layout), *stand_ins]
    return replace(image_set, notes=tuple(notes))


def _check_is_folder(root: Path) -> None:
    if root.is_dir():
        return
    shown = f'Image folder "{printable(root)}"'
    if root.exists():
        raise ImageSetError(
            f"{shown} is a file. Unpack it if it is an archive, and give the folder that holds "
            "the class folders."
        )
    missing = root
    while not missing.parent.is_dir():
        missing = missing.parent
    neighbours = [path.name for path in _readable_folders(missing.parent)]
    raise ImageSetError(
        f'{shown} does not exist: there is no "{printable(missing.name)}" in '
        f'"{printable(missing.parent)}".{did_you_mean(missing.name, neighbours)}'
    )


def _readable_folders(folder: Path) -> list[Path]:
    try:
        return entries(folder)[0]
    except OSError:
        return []


def _unusable(root: Path, faults: Sequence[str]) -> ImageSetError:
    start = f'Image folder "{printable(root)}" cannot be used: '
    if len(faults) == 1:
        return ImageSetError(start + faults[0])
    lines = [f"- {fault}" for fault in faults[:_SHOWN_FAULTS]]
    if len(faults) > _SHOWN_FAULTS:
        lines.append(f"- and {len(faults) - _SHOWN_FAULTS} more.")
    return ImageSetError("\n".join([f"{start}{len(faults)} faults.", *lines]))


def _files_below(layout: Layout, root: Path) -> tuple[dict[Path, list[Path]], list[Skipped]]:
    """Return the files of each class folder, and the folders that could not be entered."""
    files: dict[Path, list[Path]] = {}
    skipped: list[Skipped] = []
    for _, class_folder in layout.class_folders:
        files[class_folder] = []
        # A link to a folder above would read other classes, or all of the disk, into this one.
        seen = {os.path.realpath(path) for path in (root, *class_folder.parents)}
        seen |= {str(path) for path in Path(os.path.realpath(class_folder)).parents}
        straight, links = [class_folder], list[Path]()
        while straight or links:  # links last: of two ways to a folder the straight one counts
            path = straight.pop() if straight else links.pop()
            real = os.path.realpath(path)
            if real in seen:
                skipped.append(Skipped(path, "a link to a folder above it, or read already"))
                continue
            seen.add(real)
            try:
                folders, below = entries(path)
            except OSError as error:
                skipped.append(Skipped(path, (error.strerror or "cannot be read").lower()))
                continue
            files[class_folder] += below
            for inner in folders:
                (links if inner.is_symlink() else straight).append(inner)
    return files, skipped


def _scan(paths: Sequence[Path]) -> Iterator[tuple[Path, ImageFacts | Undecodable]]:
    """Inspect files in parallel (Pillow decodes outside Python's lock); yield in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for start in range(0, len(paths), _SCANNED_AT_ONCE):
            some = paths[start : start + _SCANNED_AT_ONCE]
            yield from zip(some, threads.map(_inspected, some), strict=True)


def _inspected(path: Path) -> ImageFacts | Undecodable:
    try:
        return inspect(path)
    except Undecodable as reason:
        return reason


def _bare_folders(
    root: Path,
    layout: Layout,
    files: Mapping[Path, Sequence[Path]],
    images: Mapping[Path, Sequence[Path]],
    skipped: Sequence[Skipped],
) -> list[str]:
    """Return a fault for each train class, and for each given val or test, that has no images."""
    bare = [(split, path) for split, path in layout.class_folders if not images[path]]
    if bare and len(bare) == len(layout.class_folders):
        every = [path for _, path in bare]
        names = [_name(path, root) for path in every]
        return [f"no readable images in {listed(names)} {_reasons(files, every, skipped)}."]
    empty = [(_name(path, root), [path]) for split, path in bare if split == "train"]
    faults = [
        f'class folder "{name}" has no readable images {_reasons(files, paths, skipped)}. '
        "Add some, or remove the folder."
        for name, paths in empty
    ]
    for split in ("val", "test"):
        given = [path for name, path in layout.class_folders if name == split]
        if given and not any(images[path] for path in given):
            faults.append(
                f'split folder "{_name(given[0].parent, root)}" has no readable images '
                f"{_reasons(files, given, skipped)}. Add some, or remove the folder."
            )
    return faults


def _reasons(
    files: Mapping[Path, Sequence[Path]], folders: Sequence[Path], skipped: Sequence[Skipped]
) -> str:
    """Return ``(0 of 3 files: "a.jpg": empty file; …)`` for folders without images."""
    paths = {path for folder in folders for path in files[folder]}
    known = [entry for entry in skipped if entry.path in paths or entry.path in folders]
    shown = "; ".join(f'"{printable(entry.path.name)}": {entry.reason}' for entry in known[:3])
    more = "; …" if len(known) > 3 else ""
    return f"(0 of {len(paths)} files{f': {shown}{more}' if shown else ''})"


def _misplaced(loose: Sequence[Path]) -> Iterator[Skipped]:
    """Yield images beside class folders. A README is no surprise there, but a dead link is."""
    for path, result in _scan(loose):
        if isinstance(result, ImageFacts):
            yield Skipped(path, "not in a class folder")
        elif path.is_symlink() and not path.exists():
            yield Skipped(path, str(result))


def _records(
    layout: Layout,
    images: Mapping[Path, Sequence[Path]],
    facts: Mapping[Path, ImageFacts],
    seed: int,
) -> tuple[list[ImageRecord], list[str]]:
    """Return the records, and a note if chance had left a split of some class empty."""
    class_names = _class_names(layout)
    labels = {name: label for label, name in enumerate(class_names)}
    records: list[ImageRecord] = []
    uneven: list[str] = []
    for split, class_folder in layout.class_folders:
        drawn: Mapping[str, Split] = {}
        if split == "train":
            digests = {facts[path].digest for path in images[class_folder]}
            drawn = split_class(digests, seed, layout.drawn)
            if any(own_split(key, seed, layout.drawn) != drawn[key] for key in digests):
                uneven.append(class_folder.name)
        for path in images[class_folder]:
            fact = facts[path]
            records.append(
                ImageRecord(
                    path=path,
                    label=labels[class_folder.name],
                    split=drawn.get(fact.digest, split),
                    digest=fact.digest,
                    width=fact.width,
                    height=fact.height,
                )
            )
    if not uneven:
        return records, []
    note = (
        f"Few images in {listed(uneven)}: chance left a split empty, and the nearest images stand "
        "in. They may change splits when images are added."
    )
    return records, [note]


def _notes(image_set: ImageSet, layout: Layout) -> list[str]:
    """Return a note for val and for test, where there is such a split, on classes missing there."""
    counts = image_set.counts()
    wanted: dict[Split, float] = {"val": layout.drawn.validation, "test": layout.drawn.test}
    notes = []
    for split, share in wanted.items():
        missing = [name for name, count in counts[split].items() if not count]
        if missing and (share or any(counts[split].values())):
            notes.append(
                f"No {split} images in {listed(missing)}: {split} numbers say nothing there."
            )
    return notes


def _class_names(layout: Layout) -> tuple[str, ...]:
    return tuple(sorted({path.name for _, path in layout.class_folders}))


def _name(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def _order(path: Path) -> bytes:
    return os.fsencode(path.as_posix())
