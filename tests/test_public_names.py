"""Every public name is used by another module, or published: nothing is kept for its own sake."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import vgg_transfer as vt

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "vgg_transfer"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def defined_in(name: str) -> set[str]:
    """Return the public functions and classes that a module defines itself."""
    found = set()
    for node in TREES[name].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return {each for each in found if not each.startswith("_")}


def home_of(module: str, name: str, seen: tuple[str, ...] = ()) -> tuple[str, str]:
    """Follow a name that a front hands on to the module that defines it."""
    if module in TREES and module not in seen:
        for node in TREES[module].body:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return home_of(node.module or "", alias.name, (*seen, module))
    return module, name


def used_elsewhere() -> set[tuple[str, str]]:
    """Return the (module, name) pairs that other modules than their own and its fronts use."""
    return set().union(*map(used_by, TREES))


@cache
def used_by(user: str) -> frozenset[tuple[str, str]]:
    """Return the homes of the names that a module imports for itself."""
    found = set()
    modules: dict[str, str] = {}
    for node in ast.walk(TREES[user]):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                bound = alias.asname or alias.name
                whole = f"{node.module}.{alias.name}"
                if whole in TREES and (node.module, alias.name) not in fronts():
                    modules[bound] = whole
                elif bound not in fronts_list(user):
                    found.add(home_of(node.module or "", alias.name))
    for node in ast.walk(TREES[user]):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = modules.get(node.value.id)
            if module is not None:
                found.add(home_of(module, node.attr))
    return frozenset(found)


@cache
def fronts() -> frozenset[tuple[str, str]]:
    """Return (front, name): a front may hand on a function that is called like its module."""
    return frozenset((module, name) for module in TREES for name in fronts_list(module))


@cache
def fronts_list(module: str) -> frozenset[str]:
    """Return what a room's front hands on: its ``__all__``."""
    if MODULES[module].stem != "__init__" or module == "vgg_transfer":
        return frozenset()
    return frozenset(getattr(importlib.import_module(module), "__all__", ()))


def published() -> set[tuple[str, str]]:
    """Return the homes of the names of ``vt``, and of what the modules among them define."""
    found = set()
    for name in vt.__all__:
        value = getattr(vt, name)
        module = getattr(value, "__name__", "")
        if module in TREES:
            found |= {home_of(module, each) for each in dir(value)}
        elif hasattr(value, "__module__"):
            found.add((value.__module__, value.__name__))
    return found


def in_signatures(module: str) -> set[str]:
    """Return the names in the annotations of a module's public functions, methods and fields."""
    found = set()
    for top in TREES[module].body:
        if getattr(top, "name", "_").startswith("_"):
            continue
        for node in ast.walk(top):
            annotations: list[ast.AST | None] = []
            if isinstance(node, ast.FunctionDef):
                annotations = [
                    node.returns,
                    *(arg.annotation for arg in ast.walk(node.args) if isinstance(arg, ast.arg)),
                ]
            elif isinstance(node, ast.AnnAssign):
                annotations = [node.annotation]
            for annotation in filter(None, annotations):
                for part in ast.walk(annotation):
                    if isinstance(part, ast.Name):
                        found.add(part.id)
                    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found |= set(re.findall(r"\w+", part.value))
    return found


def used_at_home(module: str) -> set[str]:
    """Return the names that a module reads, at the top or in its functions."""
    return {
        node.id
        for node in ast.walk(TREES[module])
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def test_every_public_name_is_used_or_published() -> None:
    wanted = used_elsewhere() | published()
    idle = [
        f"{module}.{name}"
        for module in MODULES
        if module not in ("vgg_transfer", "vgg_transfer.__main__")
        for name in sorted(defined_in(module) - in_signatures(module) - used_at_home(module))
        if (module, name) not in wanted
    ]
    assert idle == []


def test_what_a_front_hands_on_is_used_outside_its_room() -> None:
    """Or published, or the type of what another of its names takes or returns."""
    outside = published() | {
        home
        for user in TREES
        for home in used_by(user)
        if user.split(".")[:2] != home[0].split(".")[:2]
    }
    idle = [
        f"{module}.{name}"
        for module in MODULES
        if module.count(".") == 1
        for name in sorted(fronts_list(module))
        if home_of(module, name) not in outside
        and not any(name in in_signatures(each) for each in MODULES if each.startswith(module))
    ]
    assert idle == []
