"""Where the images lie that a source has to unpack or to write: a folder for each content.

The place is `images` beside the stored activations, or within $VGG_TRANSFER_CACHE. A folder is
filled under another name and renamed when it is complete, so a killed program leaves nothing half
done. It is used again the next time, and may be deleted by hand: then it is made anew.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from vgg_transfer.disk import is_folder
from vgg_transfer.errors import ImageSetError
from vgg_transfer.places import PLACE, prepared_images
from vgg_transfer.words import printable, size_in_words

_SPARE_BYTES = 500_000_000  # room that is always left on the disk for everything else


def prepared_bytes() -> int:
    """Return how much room all prepared images take, in bytes."""
    found = 0
    for folder, _, names in os.walk(prepared_images()):
        for name in names:
            with suppress(FileNotFoundError):  # another program may move what it has finished
                found += Path(folder, name).lstat().st_size
    return found


def prepare(key: str, fill: Callable[[Path], None]) -> Path:
    """Return the folder of that key; where there is none, `fill` writes into a new one."""
    folder = prepared_images() / key
    if is_folder(folder):
        return folder
    with _new_folder() as partial:
        if not folder.is_dir():  # another program may have made it while this one waited
            fill(partial)
            partial.rename(folder)
    return folder


def prepare_streamed(fill: Callable[[Path], str]) -> Path:
    """Return the folder of the key that `fill` returns after it has written all images.

    Where this content is there already, what was written is thrown away.
    """
    with _new_folder() as partial:
        folder = partial.with_name(fill(partial))
        if not folder.is_dir():
            partial.rename(folder)
    return folder


def check_room(needed: int, what: str) -> None:
    """Raise `ImageSetError` where that many bytes do not fit on the disk of prepared images."""
    place = prepared_images()
    place.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place).free
    if needed + _SPARE_BYTES > free:
        raise ImageSetError(
            f'The {what} needs {size_in_words(needed)} in "{printable(place)}", where '
            f"{size_in_words(free)} are free and {size_in_words(_SPARE_BYTES)} of them stay free "
            f"for everything else. Make room, or name another place in {PLACE}."
        )


@contextmanager
def _new_folder() -> Iterator[Path]:
    """Give a folder to fill, to one program at a time; it goes unless it is renamed."""
    place = prepared_images()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / "prepare.lock"):
            for left in place.glob(".*.partial"):  # of programs that were killed
                shutil.rmtree(left, ignore_errors=True)
            partial = place / f".{secrets.token_hex(8)}.partial"
            partial.mkdir()
            try:
                yield partial
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise ImageSetError(
            f'images cannot be prepared in "{printable(place)}": {error.strerror or error}. '
            f"{_remedy(error)}, or name another place in {PLACE}."
        ) from error


def _remedy(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Make room there"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Give access there"
    if error.errno == errno.ENAMETOOLONG:
        return "Give the images, or the folders they lie in, shorter names"
    return "See what is wrong there"
