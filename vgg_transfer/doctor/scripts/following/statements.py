"""Statements of a script, one after another: what they bind, set and do."""

import ast
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from vgg_transfer.doctor.scripts.following.assigning import put
from vgg_transfer.doctor.scripts.following.expressions import YIELDED, evaluate
from vgg_transfer.doctor.scripts.following.functions import Left, Returned, bind_arguments, yields
from vgg_transfer.doctor.scripts.following.importing import imported, imported_from
from vgg_transfer.doctor.scripts.python.arithmetic import combine
from vgg_transfer.doctor.scripts.python.iteration import (
    bind,
    counted_in,
    known_items,
    one_of,
    truth,
)
from vgg_transfer.doctor.scripts.story.layers import Popped
from vgg_transfer.doctor.scripts.story.scene import Scene, Spent
from vgg_transfer.doctor.scripts.values.alternatives import either
from vgg_transfer.doctor.scripts.values.choices import Callback
from vgg_transfer.doctor.scripts.values.networks import Layer, LayerList, Model
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.doctor.scripts.values.scope import Class, Function, Scope, Super
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown

_MOST_TURNS = 200


def execute(scene: Scene, body: Sequence[ast.stmt], scope: Scope) -> None:
    """Read statements in order; one that cannot be followed is passed over."""
    for statement in body:
        scene.step()
        scene.line = statement.lineno
        if not scene.depth:
            scene.statement = statement.lineno
        reader = _READERS.get(type(statement))
        if reader is None:
            continue
        try:
            reader(scene, statement, scope)
        except RecursionError:
            scene.unread.append((statement.lineno, "it is nested too deeply"))
        except (Left, Returned, Spent):
            raise
        except Exception as error:
            # A stranger's script may do what nobody thought of: the rest of it is read.
            why = f"it could not be followed ({type(error).__name__})"
            scene.unread.append((statement.lineno, why))


def run(scene: Scene, function: Function, given: list[Any], named: dict[str, Any]) -> Any:
    """Call a function of the script."""
    function.calls += 1
    scope = Scope(outer=function.scope)
    if function.bound is not None:
        given = [function.bound, *given]
    if function.bound is not None and function.within is not None:
        scope.names["super"] = Super(function.bound, function.within)
    bind_arguments(scene, function, given, named, scope)
    if isinstance(function.node, ast.Lambda):
        return evaluate(scene, function.node.body, scope)
    if yields(scene, function):
        scope.names[YIELDED] = []
    try:
        execute(scene, function.node.body, scope)
    except Returned as left:
        # What it may have left with early is a guard where it is nothing.
        return either([left.value, *(one for one in scope.maybe if one is not None)])
    except Left:
        return UNKNOWN
    if scope.maybe:
        return either(scope.maybe)
    yielded = scope.names.get(YIELDED)
    if yielded is None:
        return None
    return yielded if all(isinstance(one, Callback | Layer | Model) for one in yielded) else UNKNOWN


def _assign(scene: Scene, node: ast.Assign, scope: Scope) -> None:
    value = evaluate(scene, node.value, scope)
    for target in node.targets:
        put(scene, target, value, scope)


def _annotated(scene: Scene, node: ast.AnnAssign, scope: Scope) -> None:
    if node.value is not None:
        put(scene, node.target, evaluate(scene, node.value, scope), scope)


def _augmented(scene: Scene, node: ast.AugAssign, scope: Scope) -> None:
    before = evaluate(scene, node.target, scope)
    value = combine(node.op, before, evaluate(scene, node.value, scope), node.lineno)
    put(scene, node.target, value, scope)


def _expression(scene: Scene, node: ast.Expr, scope: Scope) -> None:
    evaluate(scene, node.value, scope)


def _if(scene: Scene, node: ast.If, scope: Scope) -> None:
    known = truth(evaluate(scene, node.test, scope))
    if known is not None:
        execute(scene, node.body if known else node.orelse, scope)
        return
    _either(scene, (node.body, node.orelse), scope)


def _either(scene: Scene, bodies: Sequence[Sequence[ast.stmt]], scope: Scope) -> None:
    """Read what may happen or not: names that may stand for either are unknown afterwards."""
    before = dict(scope.names)
    after: list[dict[str, Any]] = []
    scene.unsure += 1
    left: list[Exception] = []
    for body in bodies:
        scope.names = dict(before)
        try:
            execute(scene, body, scope)
        except (Left, Returned) as leaving:
            left.append(leaving)
        else:
            after.append(scope.names)
    scene.unsure -= 1
    returned = [one.value for one in left if isinstance(one, Returned)]
    if not after:
        scope.names = before
        raise Returned(either(returned)) if returned else left[0]
    scope.maybe += returned
    merged: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in after for name in one):
        merged[name] = either([one[name] for one in after if name in one], name)
    scope.names = merged


def _for(scene: Scene, node: ast.For, scope: Scope) -> None:
    over = evaluate(scene, node.iter, scope)
    items = known_items(over)
    if items is None:
        bind(node.target, one_of(over), scope)
        _some_turns(scene, node, scope)
        items = []
    for one in items:
        bind(node.target, one, scope)
        try:
            execute(scene, node.body, scope)
        except Left as left:
            if left.args == ("break",):
                break
    execute(scene, node.orelse, scope)


def _while(scene: Scene, node: ast.While, scope: Scope) -> None:
    for _ in range(_MOST_TURNS):
        known = truth(evaluate(scene, node.test, scope))
        if known is False:
            return
        if known is None or isinstance(node.test, ast.Constant):
            break
        try:
            execute(scene, node.body, scope)
        except Left as left:
            if left.args == ("break",):
                return
    _some_turns(scene, node, scope)


def _some_turns(scene: Scene, node: ast.For | ast.While, scope: Scope) -> None:
    """Read once what is done nobody knows how often: what it counts is unknown."""
    for name in counted_in(node.body):
        if number(scope.find(name)) is not None:
            scope.let(name, Unknown(name))
    scene.turns += 1
    with suppress(Left):
        execute(scene, node.body, scope)
    scene.turns -= 1


def _with(scene: Scene, node: ast.With, scope: Scope) -> None:
    for one in node.items:
        value = evaluate(scene, one.context_expr, scope)
        if one.optional_vars is not None:
            bind(one.optional_vars, value, scope)
    execute(scene, node.body, scope)


def _try(scene: Scene, node: ast.Try, scope: Scope) -> None:
    execute(scene, node.body, scope)
    before = dict(scope.names)
    for handler in node.handlers:
        inner = Scope(dict(before), scope.outer)
        scene.unsure += 1
        scene.quiet += 1
        with suppress(Left, Returned):
            execute(scene, handler.body, inner)
        scene.quiet -= 1
        scene.unsure -= 1
        for name, value in inner.names.items():
            scope.names.setdefault(name, value)
    execute(scene, node.orelse, scope)
    execute(scene, node.finalbody, scope)


def _function(scene: Scene, node: Any, scope: Scope) -> None:
    made = Function(node, scope)
    for one in reversed(node.decorator_list):
        decorator = evaluate(scene, one, scope)
        found = scene.call(decorator, made) if isinstance(decorator, Function) else None
        made = found if isinstance(found, Function) else made
    scope.let(node.name, made)


def _class(scene: Scene, node: ast.ClassDef, scope: Scope) -> None:
    bases = tuple(evaluate(scene, one, scope) for one in node.bases)
    made = Class(node, scope, bases)
    inner = Scope(outer=scope)
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            made.methods[statement.name] = Function(statement, scope, within=made)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            execute(scene, [statement], inner)
    made.methods |= inner.names
    scope.names[node.name] = made


def _return(scene: Scene, node: ast.Return, scope: Scope) -> None:
    raise Returned(evaluate(scene, node.value, scope))


def _leave(scene: Scene, node: ast.stmt, scope: Scope) -> None:
    raise Left("break" if isinstance(node, ast.Break) else "continue")


def _delete(scene: Scene, node: ast.Delete, scope: Scope) -> None:
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            of = evaluate(scene, target.value, scope)
            if isinstance(of, LayerList):
                scene.tell(
                    Popped(node.lineno, of.model, f"del layers[{ast.unparse(target.slice)}]")
                )
        elif isinstance(target, ast.Name):
            scope.names.pop(target.id, None)


def _raise(scene: Scene, node: ast.Raise, scope: Scope) -> None:
    if scene.unsure:
        raise Left("raise")


def _declared(scene: Scene, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
    scope.outside |= frozenset(node.names)


def _match(scene: Scene, node: Any, scope: Scope) -> None:
    evaluate(scene, node.subject, scope)
    _either(scene, [case.body for case in node.cases], scope)


_READERS: dict[type, Callable[[Scene, Any, Scope], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Break: _leave,
    ast.Continue: _leave,
    ast.Import: imported,
    ast.ImportFrom: imported_from,
    ast.Delete: _delete,
    ast.Raise: _raise,
    ast.Match: _match,
    ast.Global: _declared,
    ast.Nonlocal: _declared,
}
