"""Imports of a script: nothing is imported, and names stand for paths."""

import ast

from vgg_transfer.doctor.scripts.story.layers import Used
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.scope import Scope


def imported(scene: Scene, node: ast.Import, scope: Scope) -> None:
    """Let a name stand for a module."""
    for one in node.names:
        scene.tell(Used(node.lineno, one.name, "import"))
        top = one.name.partition(".")[0]
        scope.names[one.asname or top] = Named(one.name if one.asname else top)


def imported_from(scene: Scene, node: ast.ImportFrom, scope: Scope) -> None:
    """Let names stand for what a module has."""
    module = node.module or ""
    for one in node.names:
        if one.name == "*":
            scene.stars.append(module)
            scene.tell(Used(node.lineno, module, "import"))
            continue
        path = f"{module}.{one.name}"
        scene.tell(Used(node.lineno, path, "import"))
        scope.names[one.asname or one.name] = Named(path)
