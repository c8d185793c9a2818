"""An image set from an archive of an image folder: `pets.zip`, `pets.tar`, `.tar.gz` or `.tgz`.

It is unpacked once, into a folder named after its SHA-256. Nothing is written outside of that
folder, and an archive that would grow out of all proportion is refused.
"""

import tarfile
import zipfile
import zlib
from dataclasses import replace
from functools import partial
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.names import split_named
from vgg_transfer.images.sources.folder import load_folder
from vgg_transfer.images.sources.gather import absent
from vgg_transfer.images.sources.layout import entries
from vgg_transfer.images.sources.prepared import check_room, prepare
from vgg_transfer.images.sources.source import USUAL, Reading, Source, is_file_named
from vgg_transfer.words import excerpt, printable, size_in_words

_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")

# Pictures hardly get smaller in an archive; plain bitmaps of drawings may by this much.
_MOST_GROWTH = 200
_ALWAYS_FINE = 100_000_000  # bytes
_MOST_FILES = 20_000_000
_DEEPEST = 100  # folders in folders; Python's own functions fail at ten times as many


def load_archive(file: Path | str, reading: Reading = USUAL) -> ImageSet:
    """Return the images of an archive; it is unpacked unless that was done before.

    Raises:
        ImageSetError: the archive is damaged, unsafe or too large; or its folder cannot be used.
    """
    path = Path(file).expanduser().absolute()
    shown = f'archive "{printable(path)}"'
    try:
        with path.open("rb") as opened:
            key = file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise absent(path, "archive") from error
    except OSError as error:
        raise ImageSetError(f"The {shown} cannot be read: {error.strerror}.") from error
    folder = _one_top_folder(prepare(f"archive-{key}", partial(_unpack, path, shown)))
    try:
        image_set = load_folder(folder, reading, known_as=path)
    except ImageSetError as error:
        raise ImageSetError(f"The {shown} is unpacked, but: {error}") from error
    return replace(image_set, source=shown)


def _unpack(path: Path, shown: str, target: Path) -> None:
    unpack = _unpack_zip if path.suffix.lower() == ".zip" else _unpack_tar
    try:
        unpack(path, shown, target)
    except tarfile.FilterError as error:
        raise _unsafe(shown, error.tarinfo.name) from error
    except NotImplementedError as error:  # a way of packing that Python does not know
        raise ImageSetError(
            f"The {shown} cannot be unpacked: {error}. Unpack it yourself and give the folder."
        ) from error
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, ValueError) as error:
        raise _damaged(shown, str(error)) from error
    except KeyError as error:  # a hard link in a tar to what the tar does not hold
        raise _damaged(shown, error.args[0]) from error


def _unpack_zip(path: Path, shown: str, target: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        for member in members:
            inside = PurePosixPath(member.filename.replace("\\", "/"))
            if inside.is_absolute() or ".." in inside.parts or ":" in inside.parts[:1]:
                raise _unsafe(shown, member.filename)
            _check_depth(shown, member.filename)
        if any(member.flag_bits & 1 for member in members):
            raise ImageSetError(
                f"The {shown} has a password. Unpack it yourself and give the folder."
            )
        sizes = sum(member.file_size for member in members)
        _check_size(path, shown, sizes, len(members))
        check_room(sizes, shown)
        archive.extractall(target)  # no member gives more bytes than the size it declares


def _unpack_tar(path: Path, shown: str, target: Path) -> None:
    with tarfile.open(path) as archive:
        sizes = 0
        for number, member in enumerate(archive, start=1):
            sizes += member.size
            _check_depth(shown, member.name)
            _check_size(path, shown, sizes, number)  # at each: a bomb is not read to its end
        check_room(sizes, shown)
        archive.extractall(target, filter="data")


def _check_size(path: Path, shown: str, sizes: int, files: int) -> None:
    most = max(_ALWAYS_FINE, _MOST_GROWTH * path.stat().st_size)
    if sizes > most or files > _MOST_FILES:
        raise ImageSetError(
            f"The {shown} would unpack to more than {size_in_words(most)} or {_MOST_FILES:,} "
            "files, out of all proportion to its size. If it is what you want, unpack it yourself "
            "and give the folder."
        )


def _check_depth(shown: str, name: str) -> None:
    if len(PurePosixPath(name).parts) > _DEEPEST:
        raise ImageSetError(
            f'The {shown} is not unpacked: "{excerpt(name)}" lies in more than {_DEEPEST} folders, '
            "one in another. Pack the folder that holds the classes."
        )


def _damaged(shown: str, reason: str) -> ImageSetError:
    return ImageSetError(
        f"The {shown} is damaged or no archive: {excerpt(reason, 300)}. Fetch or pack it again."
    )


def _unsafe(shown: str, name: str) -> ImageSetError:
    return ImageSetError(
        f'The {shown} is not unpacked: its member "{excerpt(name, 300)}" leads outside of the '
        "folder or is no file. Pack the images again, without such members."
    )


def _one_top_folder(folder: Path) -> Path:
    """Return the folder within that holds the classes or splits: below single folders."""
    while True:
        folders, _ = entries(folder)
        if len(folders) != 1 or split_named(folders[0].name) or not entries(folders[0])[0]:
            return folder
        folder = folders[0]


ARCHIVE = Source(
    (f"an archive ({', '.join(_SUFFIXES)})",),
    lambda data: is_file_named(data, *_SUFFIXES),
    load_archive,
)
