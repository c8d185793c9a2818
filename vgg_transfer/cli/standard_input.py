"""``-`` in place of files: standard input holds a list of them, or the bytes of one picture."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.decode import MAXIMUM_BYTES
from vgg_transfer.images.formats import LONGEST_MARK, format_of
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.walking import Choice


class Stream(Protocol):
    """What standard input can do."""

    def read(self, size: int, /) -> bytes: ...

    def read1(self, size: int, /) -> bytes: ...


_AT_ONCE = 2**16  # bytes that are read, and that a path may have


def pictures_on(stream: Stream) -> Iterable[Given]:
    """Return the one picture whose bytes come, or the files that are listed, as they come.

    Paths end with a line or, where one is among the first of them, with a NUL. Those of a folder
    are looked for in it. What is not there is found out when it is read.

    Raises:
        ImageSetError: nothing comes; or, when it is met, a line is no path.
    """
    header = stream.read(LONGEST_MARK)
    if not header:
        raise ImageSetError(
            "standard input is empty: give a list of files, one in a line, or a picture's bytes"
        )
    if format_of(header) is not None:
        return [Given("standard input", header + stream.read(MAXIMUM_BYTES))]
    return _listed(header, stream)


def _listed(header: bytes, stream: Stream) -> Iterator[Given]:
    for name in _names(header, stream):
        for file in Choice(Path(os.fsdecode(name))).files():
            yield Given(file)


def _names(header: bytes, stream: Stream) -> Iterator[bytes]:
    rest = header + stream.read1(_AT_ONCE)
    mark, ends = (b"\0", b"") if b"\0" in rest else (b"\n", b"\r")
    while True:
        *names, rest = rest.split(mark)
        yield from (name.rstrip(ends) for name in names if name.rstrip(ends))
        if len(rest) > _AT_ONCE:
            raise ImageSetError(
                f"standard input has a line of more than {_AT_ONCE:,} bytes: give a list of files, "
                "one in a line, or the bytes of a picture"
            )
        more = stream.read1(_AT_ONCE)
        if not more:
            break
        rest += more
    if rest.rstrip(ends):
        yield rest.rstrip(ends)
