"""What docs/security.md promises of the code as a whole; each room's own tests have the rest."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "vgg_transfer"
CARRIES_OUT = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "yaml"}
# Two ends of a pipe between processes of ours, and arrays in the format that CIFAR comes in, of
# which the reader makes arrays, lists and texts and nothing else (tests/images/.../test_cifar.py).
PICKLES = {"trials/process.py", "trials/child.py", "images/sources/cifar.py"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def named_in(path: Path) -> list[tuple[str, ast.AST]]:
    """Return what a module imports and calls, by its name."""
    found: list[tuple[str, ast.AST]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(f"import {one.name.partition('.')[0]}", node) for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((f"import {(node.module or '').partition('.')[0]}", node))
        elif isinstance(node, ast.Call):
            found.append((ast.unparse(node.func), node))
    return found


def using(*names: str) -> set[str]:
    """Return the modules that import or call one of these."""
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for name, _ in named_in(path)
        if name in names
    }


def test_nothing_that_is_read_can_be_carried_out():
    assert using(*(f"import {name}" for name in CARRIES_OUT)) == PICKLES
    assert using("eval", "exec", "compile", "os.system", "os.popen") == set()
    assert using("np.load", "np.loadtxt", "np.genfromtxt", "pandas.read_pickle") == set()


def test_only_programs_of_ours_are_started():
    starters = {"trials/process.py", "exports/fresh.py", "training/spread/last_words.py"}
    assert using("import subprocess", "import multiprocessing") == starters


def test_models_are_loaded_in_safe_mode():
    calls = [
        node
        for path in MODULES
        for name, node in named_in(path)
        if isinstance(node, ast.Call) and name.endswith("load_model")
    ]
    assert len(calls) == 6
    assert all(
        keyword.arg == "compile" for call in calls for keyword in call.keywords if keyword.arg
    )
    assert using("keras.config.enable_unsafe_deserialization") == set()


def test_keras_has_no_known_hole_in_its_safe_mode():
    """That of versions before 3.11 could be got around."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (keras,) = (one for one in wanted if one.startswith("keras"))
    major, minor = map(int, keras.partition(">=")[2].split("."))
    assert (major, minor) >= (3, 11)


def test_a_model_that_brings_code_is_refused(tmp_path):
    """A Lambda layer holds Python code; in safe mode Keras does not even unpack it."""
    import keras

    from vgg_transfer.errors import WeightsError
    from vgg_transfer.network.weight_files import read_tensors

    model = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)])
    model.save(tmp_path / "model.keras")
    with pytest.raises(WeightsError, match=r"is damaged: .*Lambda"):
        read_tensors(tmp_path / "model.keras")


def test_every_place_that_the_page_names_is_there():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    files = [part for part in page.split("`") if part.startswith("tests/")]
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []
