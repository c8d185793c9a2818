"""The door: statements in, what they do out; nothing of them is run or imported."""

import ast
from collections.abc import Sequence
from typing import Any

from vgg_transfer.doctor.scripts.following.calls import call_value
from vgg_transfer.doctor.scripts.following.expressions import evaluate
from vgg_transfer.doctor.scripts.following.functions import Left, Returned
from vgg_transfer.doctor.scripts.following.statements import execute, run
from vgg_transfer.doctor.scripts.story.scene import Scene, Spent
from vgg_transfer.doctor.scripts.values.scope import Class, Function, Scope


def follow(body: Sequence[ast.stmt], names: dict[str, Any], began: float) -> Scene:
    """Follow a program to its end, or as far as there is time; return what happened.

    Args:
        body: the statements.
        names: what stands for something before the first of them.
        began: when the script was begun to be read, by the thread's own time.
    """
    scene = Scene(run, call_value, evaluate, began)
    scope = Scope(names)
    try:
        _statements(scene, body, scope)
        _uncalled(scene, scope)
    except Spent:
        scene.unread.append((scene.line, "what follows was not read: the script is too long"))
    except RecursionError:
        scene.unread.append((scene.line, "what follows was not read: it is nested too deeply"))
    return scene


def _statements(scene: Scene, body: Sequence[ast.stmt], scope: Scope) -> None:
    rest = list(body)
    while rest:
        try:
            execute(scene, rest, scope)
            break
        except (Left, Returned):
            # Outside of a loop or a function: of a snippet; what follows counts.
            line = scene.line
            rest = [one for one in rest if one.lineno > line]


def _uncalled(scene: Scene, scope: Scope) -> None:
    """Follow the functions that nobody calls, too: each may be the whole point."""
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
