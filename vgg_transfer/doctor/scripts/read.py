"""The door: a script in, its story out; nothing of it is run or imported."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vgg_transfer.doctor.scripts.functions import Left, Returned
from vgg_transfer.doctor.scripts.scene import Scene, Spent
from vgg_transfer.doctor.scripts.scope import Class, Function, Scope
from vgg_transfer.doctor.scripts.source import decoded, source_of
from vgg_transfer.doctor.scripts.statements import execute, new_scene, run
from vgg_transfer.doctor.scripts.story import Story


def read_script(text: str | bytes, name: str) -> Story:
    """Return what a script does, as far as its text says so.

    Args:
        text: a script of Python, the JSON of a notebook, or a text with code in fences; or the
            bytes of its file, in any encoding.
        name: what it is called in messages; its ending says what it is.

    Raises:
        ScriptError: it is no text, or there is no Python in it.
    """
    began = time.monotonic()
    with _uncollected():
        return _story(text, name, began)


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


def _story(text: str | bytes, name: str, began: float) -> Story:
    source = source_of(decoded(text, name) if isinstance(text, bytes) else text, name)
    scene = new_scene(began)
    scope = Scope({"__name__": "__main__", "__file__": name})
    unread = list(source.unread)
    try:
        _read(scene, source.tree.body, scope)
    except Spent:
        scene.unread.append((scene.line, "what follows was not read: the script is too long"))
    except RecursionError:
        scene.unread.append((scene.line, "what follows was not read: it is nested too deeply"))
    return Story(source, tuple(scene.events), (*unread, *scene.unread))


def _read(scene: Scene, body: Any, scope: Scope) -> None:
    """Read the statements, then the functions that nobody calls: each may be the whole point."""
    rest = list(body)
    while rest:
        try:
            execute(scene, rest, scope)
            break
        except (Left, Returned):
            # Outside of a loop or a function: of a snippet; what follows counts.
            line = scene.line
            rest = [one for one in rest if one.lineno > line]
    for value in list(scope.names.values()):
        if isinstance(value, Function) and not value.calls:
            _alone(scene, value)
        elif isinstance(value, Class) and not value.made and not value.library_base:
            scene.call(value)


def _alone(scene: Scene, function: Function) -> None:
    try:
        run(scene, function, [], {})
    except (Left, Returned):
        return
