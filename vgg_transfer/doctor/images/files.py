"""Files that were left out, or are not what their names say; folders inside class folders."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.facts import PictureFacts
from vgg_transfer.doctor.images.naming import shown
from vgg_transfer.finding import Finding
from vgg_transfer.images.image_set import ImageRecord, ImageSet, Skipped
from vgg_transfer.images.names import split_named
from vgg_transfer.words import counted, listed, printable

UNREADABLE = Entry(
    "unreadable-files",
    "warning",
    "Files that could not be read",
    "They are missing from what is learnt and measured, and they seldom break by chance: one "
    "camera, one download or one class may be gone with them.",
    "Every file is read whole when the images are listed.",
)
MISNAMED = Entry(
    "misnamed-files",
    "note",
    "Files that are not of the format in their name",
    "Here the bytes count, so nothing is wrong; other programs believe the name and stop.",
    "The format that the bytes begin with, beside the ending of the name.",
)
NESTED = Entry(
    "nested-folders",
    "note",
    "Folders inside class folders",
    "All below a class folder is read as that class. An inner folder is often one person, day or "
    "film, whose pictures must stay in one split.",
    "The paths of the pictures below the folder of their class.",
)
CLASS_IN_CLASS = Entry(
    "class-in-class",
    "warning",
    "A folder inside a class folder has the name of another class",
    "Its pictures are learnt as the outer class, and most likely belong to the inner one.",
    "The paths of the pictures below the folder of their class.",
)
_ENDINGS = {
    "JPEG": {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"},
    "MPO": {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"},
    "PNG": {".png"},
    "GIF": {".gif"},
    "BMP": {".bmp"},
    "WEBP": {".webp"},
    "TIFF": {".tif", ".tiff"},
    "HEIF": {".heic", ".heif", ".hif"},
}
_KNOWN = set().union(*_ENDINGS.values())


def find_unreadable(skipped: Sequence[Skipped]) -> Iterator[Finding]:
    """Yield how many files were left out, and why.

    Args:
        skipped: the files, with the reasons.
    """
    if not skipped:
        return
    reasons = Counter(one.reason.partition(":")[0].partition(" (")[0] for one in skipped)
    why = ", ".join(f"{number} {printable(reason)}" for reason, number in reasons.most_common(3))
    seen = (
        f"{counted(len(skipped), 'file')} could not be used ({why}): "
        f"{listed([one.path for one in skipped], 3)}"
    )
    remedy = "fetch or convert them, or take them away; `vgg-transfer images DATA` lists all"
    yield UNREADABLE.found("images", seen, remedy)


def find_misnamed(
    records: Sequence[ImageRecord],
    class_names: Sequence[str],
    facts: Sequence[PictureFacts | None],
) -> Iterator[Finding]:
    """Yield which files are of another format than their name says.

    Args:
        records: of all pictures.
        class_names: by label.
        facts: what was measured of each.
    """
    misnamed = [
        record
        for record, one in zip(records, facts, strict=True)
        if one is not None
        and (ending := record.path.suffix.lower()) in _KNOWN
        and ending not in _ENDINGS.get(one.header.format, _KNOWN)
    ]
    if misnamed:
        seen = f"{counted(len(misnamed), 'file')} of another format than their names say"
        yield MISNAMED.found("images", f"{seen} ({shown(misnamed, class_names)})", "rename them")


def find_nested(image_set: ImageSet) -> Iterator[Finding]:
    """Yield which classes have folders inside, and whether these have the name of a class."""
    inner: dict[str, Counter[str]] = defaultdict(Counter)
    for record in image_set.records:
        name = image_set.class_names[record.label]
        root = image_set.root
        folders = record.path.relative_to(root).parts[:-1] if root else ()
        outside = bool(folders) and split_named(folders[0]) is not None and name in folders[1:]
        if name in folders:
            inner[name].update(folders[folders.index(name, int(outside)) + 1 :][:1])
    classes = {name.casefold() for name in image_set.class_names}
    other = [
        f"{name}/{folder}"
        for name, folders in inner.items()
        for folder in folders
        if folder.casefold() in classes - {name.casefold()}
    ]
    if other:
        seen = f"{listed(other)} {'has' if len(other) == 1 else 'have'} the name of another class"
        yield CLASS_IN_CLASS.found("images", seen, "move its pictures to the folder of that class")
    nested = [f"{name}/{folder}" for name, folders in inner.items() for folder in folders]
    if nested and not other:
        number = sum(folders.total() for folders in inner.values())
        seen = f"{counted(number, 'picture')} lie in folders inside class folders: {listed(nested)}"
        remedy = "if such a folder is one person, day or film, keep it together with --group"
        yield NESTED.found("images", seen, remedy)
