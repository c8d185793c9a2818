"""The door: a script in, its story out; nothing of it is run or imported."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

from vgg_transfer.doctor.scripts.following import follow
from vgg_transfer.doctor.scripts.source import decoded, source_of
from vgg_transfer.doctor.scripts.story.story import Story


def read_script(text: str | bytes, name: str) -> Story:
    """Return what a script does, as far as its text says so.

    Args:
        text: a script of Python, the JSON of a notebook, or a text with code in fences; or the
            bytes of its file, in any encoding.
        name: what it is called in messages; its ending says what it is.

    Raises:
        ScriptError: it is no text, or there is no Python in it.
    """
    began = time.thread_time()
    with _uncollected():
        source = source_of(decoded(text, name) if isinstance(text, bytes) else text, name)
        names = {"__name__": "__main__", "__file__": name}
        scene = follow(source.tree.body, names, began)
        return Story(source, tuple(scene.events), (*source.unread, *scene.unread))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: among the parts of a large tree that takes long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
