"""An image set from a folder, in one of two layouts:

    pets/cats/…  pets/dogs/…                    one folder per class: val and test are drawn
    pets/train/cats/…  pets/test/cats/…  …      split folders with class folders inside

In the second one `val` and `test` may be missing. A missing val is drawn from train. A missing
test is drawn as well where val is missing too; beside a given val only when a share or a fold for
it is asked for. What was decided is in the findings of the image set.

Folders within a class folder are read as well. Hidden files and folders are ignored; every other
file in a class folder that is no readable image is listed with the reason. Nothing is changed.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.images.decode import ImageFacts
from vgg_transfer.images.image_set import ImageSet, Skipped
from vgg_transfer.images.names import refuse_faulty, unusable
from vgg_transfer.images.sources.layout import Layout, entries, read_layout
from vgg_transfer.images.sources.records import Row, missing_findings, split_rows
from vgg_transfer.images.sources.scan import scan
from vgg_transfer.images.sources.source import USUAL, Reading, Source
from vgg_transfer.images.splits import plan_drawing
from vgg_transfer.words import counted, listed, printable

_NO_TEST = ("There is no test folder", "A test folder gives")


def load_folder(
    folder: Path | str, reading: Reading = USUAL, known_as: Path | None = None
) -> ImageSet:
    """Return the images of a folder; missing splits are drawn as `reading` says.

    They are remembered under `known_as`, by default the folder itself.

    Raises `ImageSetError`: before any image is read, with every fault that names show; after
    that, with every class that has no readable image, and where the splitting does not fit.
    """
    root = Path(folder).absolute()
    try:
        _check_is_folder(root)
        layout = read_layout(root, reading.least_classes)
    except OSError as error:
        reason = f'"{printable(error.filename)}" cannot be read: {error.strerror}.'
        raise unusable(_shown(root), [reason]) from error
    files, skipped = _files_below(layout, root)
    bare = _bare_folders(root, layout, files, files, skipped)
    refuse_faulty(_shown(root), [*layout.faults, *bare])
    plan = plan_drawing(layout.given, reading.splitting)  # refuses early what can have no effect

    found = dict(scan([path for paths in files.values() for path in paths]))
    facts = {path: fact for path, fact in found.items() if isinstance(fact, ImageFacts)}
    skipped += [Skipped(path, str(why)) for path, why in found.items() if path not in facts]
    images = {folder: [path for path in paths if path in facts] for folder, paths in files.items()}
    refuse_faulty(_shown(root), _bare_folders(root, layout, files, images, skipped))

    names = tuple(sorted({path.name for _, path in layout.class_folders}))
    rows = [
        (Row(path, folder.name, split), facts[path])
        for split, folder in layout.class_folders
        for path in images[folder]
    ]
    records, decided = split_rows(rows, names, root, reading, known_as or root)
    skipped += _misplaced(layout.loose)
    image_set = ImageSet(
        source=f"folder {printable(root)}",
        class_names=names,
        records=tuple(sorted(records, key=lambda record: _order(record.path))),
        skipped=tuple(sorted(skipped, key=lambda entry: _order(entry.path))),
        root=root,
    )
    only_val = layout.given == {"val"} and not image_set.split("test")
    missing = missing_findings(image_set, _NO_TEST if only_val else None, plan.drawn)
    return replace(image_set, findings=(*layout.findings, *decided, *missing))


def _check_is_folder(root: Path) -> None:
    if root.is_dir():
        return
    shown = _shown(root)
    if root.exists():
        raise ImageSetError(
            f"{shown} is a file. Unpack it if it is an archive, and give the folder that holds "
            "the class folders."
        )
    missing = root
    while not missing.parent.is_dir():
        missing = missing.parent
    neighbours = list[Path]()
    with suppress(OSError):
        neighbours, _ = entries(missing.parent)
    near = did_you_mean(missing.name, (path.name for path in neighbours))
    raise ImageSetError(
        f'{shown} does not exist: there is no "{printable(missing.name)}" in '
        f'"{printable(missing.parent)}".{near}'
    )


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
    empty = [("class", path, [path]) for split, path in bare if split == "train"]
    for split in ("val", "test"):
        given = [path for name, path in layout.class_folders if name == split]
        if given and not any(images[path] for path in given):
            empty.append(("split", given[0].parent, given))
    return [
        f'{kind} folder "{_name(folder, root)}" has no readable images '
        f"{_reasons(files, without, skipped)}. Add some, or remove the folder."
        for kind, folder, without in empty
    ]


def _reasons(
    files: Mapping[Path, Sequence[Path]], folders: Sequence[Path], skipped: Sequence[Skipped]
) -> str:
    """Return ``(0 of 3 files: "a.jpg": empty file; …)`` for folders without images."""
    paths = {path for folder in folders for path in files[folder]}
    known = [entry for entry in skipped if entry.path in paths or entry.path in folders]
    shown = "; ".join(f'"{printable(entry.path.name)}": {entry.reason}' for entry in known[:3])
    more = "; …" if len(known) > 3 else ""
    return f"(0 of {counted(len(paths), 'file')}{f': {shown}{more}' if shown else ''})"


def _misplaced(loose: Sequence[Path]) -> Iterator[Skipped]:
    """Yield images beside class folders. A README is no surprise there, but a dead link is."""
    for path, result in scan(loose):
        if isinstance(result, ImageFacts):
            yield Skipped(path, "not in a class folder")
        elif path.is_symlink() and not path.exists():
            yield Skipped(path, str(result))


def _name(path: Path, root: Path) -> str:
    return printable(path.relative_to(root).as_posix())


def _order(path: Path) -> bytes:
    return os.fsencode(path.as_posix())


def _shown(root: Path) -> str:
    return f'Image folder "{printable(root)}"'


FOLDER = Source(("a folder",), lambda data: isinstance(data, Path), load_folder)
