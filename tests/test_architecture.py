"""The house: a room knows the rooms above it and no others; and what holds in every module."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "vgg_transfer"

# Data flows down this list and never back: a room imports only rooms that stand above it.
ROOMS = (
    "errors",
    "words",
    "interrupting",
    "silence",
    "openvino_core",
    "sweeping",
    "writing",
    "checking",
    "reading",
    "disk",
    "places",
    "finding",
    "sample",
    "recipe",
    "evaluation",
    "run",
    "events",
    "images",
    "artefacts",
    "network",
    "activations",
    "training",
    "trials",
    "comparison",
    "reproduction",
    "tuning",
    "doctor",
    "deploy",
    "adoption",
    "explanations",
    "exports",
    "report",
    "serving",
    "cli",
)
# The rooms inside the reader of scripts, in the same way; its doors stand beside them.
SCRIPTS = ("values", "story", "data", "keras", "python", "following", "rules", "carrying")
# The package itself is the front door: it names the rooms' public names and loads them when used.
FRONT_DOOR = ("__init__", "__main__")
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 300


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(("vgg_transfer", *(part for part in parts if part != "__init__")))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Yield every module or name that a module imports, wherever the import stands.

    ``from a import b`` gives ``a.b``, since b may be a module. Imports by text count as well.
    """
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{a.name}" for a in node.names)
        elif isinstance(node, ast.Call) and getattr(
            node.func, "attr", getattr(node.func, "id", "")
        ) in ("import_module", "__import__"):
            yield from (str(a.value) for a in node.args if isinstance(a, ast.Constant))


def test_every_module_belongs_to_a_room() -> None:
    assert {room_of(path) for path in MODULES} - set(ROOMS) <= set(FRONT_DOOR)


def test_the_rooms_above_are_the_only_ones_known() -> None:
    wrong = []
    for path in MODULES:
        if room_of(path) in FRONT_DOOR:
            continue
        above = ROOMS[: ROOMS.index(room_of(path)) + 1]
        for imported in imports_of(path):
            top, _, rest = imported.partition(".")
            room = rest.split(".")[0]
            if top == "vgg_transfer" and rest and room not in above:
                wrong.append(f"{name_of(path)} imports {imported}")
    assert wrong == []


def test_inside_the_reader_of_scripts_the_rooms_above_are_the_only_ones_known() -> None:
    folder = PACKAGE / "doctor" / "scripts"
    assert {one.name for one in folder.iterdir() if (one / "__init__.py").is_file()} == set(SCRIPTS)
    wrong = [
        f"{name_of(path)} imports {imported}"
        for number, room in enumerate(SCRIPTS)
        for path in sorted((folder / room).rglob("*.py"))
        for imported in imports_of(path)
        if imported.removeprefix(f"{module_of(folder)}.").split(".")[0] in SCRIPTS[number + 1 :]
    ]
    assert wrong == []


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """Return modules that import each other in a circle; none where there is no circle."""
    left = dict(graph)
    while True:
        free = [name for name, imported in left.items() if not imported & left.keys()]
        if not free:
            return sorted(left)
        for name in free:
            del left[name]


def test_a_circle_is_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle_in({"a": {"b"}, "b": {"a"}, "c": set()}) == ["a", "b"]


@pytest.mark.parametrize("room", ROOMS)
def test_inside_a_room_no_modules_import_each_other(room: str) -> None:
    """A front counts as a module where it is imported by its own name."""
    modules = {module_of(path): path for path in MODULES if room_of(path) == room}
    graph = {
        module: {
            name
            for imported in imports_of(path)
            for name in (imported, imported.rpartition(".")[0])
            if name in modules
            and name != module
            # "from a.b import c" with a module c is an import of c, not of the front b.
            and (name == imported or imported not in modules)
        }
        for module, path in modules.items()
    }
    assert circle_in(graph) == []


def test_run_predict_alone_uses_the_front_door() -> None:
    """``run.predict(images)`` is a convenience on the record; a later room does it when called."""
    using = [
        (name_of(path), function.name)
        for path in MODULES
        if room_of(path) not in FRONT_DOOR
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import) and "vgg_transfer" in [one.name for one in node.names]
    ]
    assert using == [("run/values.py", "predict")]
    assert [name_of(p) for p in MODULES if "vgg_transfer" in imports_of(p)] == ["run/values.py"]


def test_imports_name_the_whole_path() -> None:
    relative = [name_of(path) for path in MODULES for i in imports_of(path) if i.startswith(".")]
    assert relative == []


def imported_outside(rooms: tuple[str, ...], libraries: set[str]) -> list[str]:
    """Return the imports of these libraries in these rooms."""
    return [
        f"{name_of(path)} imports {imported}"
        for path in MODULES
        if room_of(path) in rooms
        for imported in imports_of(path)
        if imported.split(".")[0] in libraries
    ]


def test_what_to_do_how_good_and_the_record_know_no_keras() -> None:
    rooms = ("errors", "recipe", "evaluation", "run", "store")
    assert imported_outside(rooms, {"keras", "tensorflow"}) == []


def test_the_network_names_no_tensorflow() -> None:
    assert imported_outside(("network",), {"tensorflow", "tf"}) == []


@pytest.mark.parametrize(
    "modules",
    ["vgg_transfer.recipe", "vgg_transfer.evaluation, vgg_transfer.run"],
)
def test_importing_the_light_rooms_loads_nothing_heavy(modules: str) -> None:
    program = (
        f"import sys, {modules}; "
        "print(sorted({'keras', 'tensorflow', 'sklearn', 'PIL'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (found.stdout.strip(), found.stderr) == ("[]", "")


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "tools"}
    assert [name_of(path) for path in MODULES if path.stem in drawers] == []
    assert [
        path.name for path in PACKAGE.rglob("*") if path.is_dir() and path.name in drawers
    ] == []


def test_nothing_is_asserted_in_the_package() -> None:
    """``python -O`` drops assertions; a check that matters raises an error of ours."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_a_room_lists_what_it_exports() -> None:
    """A front that takes names from its own modules, or defines some, lists them: all and only."""
    wrong = []
    for path in MODULES:
        if path.name != "__init__.py" or path.parent == PACKAGE:
            continue
        own = ".".join(("vgg_transfer", *path.parent.relative_to(PACKAGE).parts))
        # What a front uses itself it may import without handing it on.
        used = {node.id for node in ast.walk(tree_of(path)) if isinstance(node, ast.Name)}
        exported, bound, listed = set(), set(), set()
        for node in tree_of(path).body:
            if isinstance(node, ast.ImportFrom):
                names = {alias.asname or alias.name for alias in node.names}
                bound |= names
                exported |= names - used if (node.module or "").startswith(f"{own}.") else set()
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound.add(node.name)
                exported |= set() if node.name.startswith("_") else {node.name}
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                listed = set(ast.literal_eval(node.value))
        wrong += [f"{own}.{name} is not in __all__" for name in sorted(exported - listed)]
        wrong += [f"{own}.{name} is listed and not there" for name in sorted(listed - bound)]
    assert wrong == []


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_module_is_too_long_to_read() -> None:
    lengths = {name_of(path): lines_of(path) for path in MODULES}
    too_long = {name for name, length in lengths.items() if length > LONGEST}
    assert too_long == set()
