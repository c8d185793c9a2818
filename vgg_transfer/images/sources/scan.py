"""What files are: many inspected at once, in their order."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vgg_transfer.images.decode import ImageFacts, Undecodable, inspect

_AT_ONCE = 1024  # files handed to the threads together: bounds what waits in memory


def scan(paths: Sequence[Path]) -> Iterator[tuple[Path, ImageFacts | Undecodable]]:
    """Inspect files in parallel (Pillow decodes outside Python's lock); yield in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            yield from zip(some, threads.map(_inspected, some), strict=True)


def _inspected(path: Path) -> ImageFacts | Undecodable:
    try:
        return inspect(path)
    except Undecodable as reason:
        return reason
