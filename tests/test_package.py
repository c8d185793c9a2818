"""The names of ``import vgg_transfer as vt``."""

import ast
import importlib.metadata
import inspect
import tomllib
from pathlib import Path

import pytest

import vgg_transfer as vt
from vgg_transfer import comparison, deploy, errors, images, recipe, run
from vgg_transfer.recipe.catalogue import registry
from vgg_transfer.report import kept, trained
from vgg_transfer.report.figures import plots
from vgg_transfer.reproduction import reproduce
from vgg_transfer.sample import draw_sample
from vgg_transfer.tuning import tune

# What the block for type checkers imports under another name than it gives away.
RENAMED = ("registry", "run")


def test_every_argument_of_a_public_function_is_documented():
    functions = [getattr(vt, name) for name in vt.__all__]
    undocumented = [
        f"{function.__name__}({argument})"
        for function in functions
        if inspect.isfunction(function)
        for argument in inspect.signature(function).parameters
        if f"{argument}: " not in (inspect.getdoc(function) or "").partition("Args:")[2]
    ]
    assert undocumented == []


def test_each_name_is_what_it_says():
    assert (vt.Recipe, vt.Stage) == (recipe.Recipe, recipe.Stage)
    assert (vt.Head, vt.Augmentation) == (recipe.Head, recipe.Augmentation)
    assert vt.Splitting is images.Splitting
    assert vt.load_images is images.load_images
    assert (vt.train, vt.compare, vt.tune) == (trained.train, kept.compare, tune)
    assert vt.compare_runs is comparison.compare_runs
    assert vt.read_comparison is comparison.read_comparison
    assert vt.read_run is run.read
    assert (vt.predict, vt.evaluate) == (deploy.predict, deploy.evaluate)
    assert (vt.recipes, vt.errors, vt.plots) == (registry, errors, plots)
    assert (vt.reproduce, vt.draw_sample) == (reproduce, draw_sample)
    assert vt.__version__ == importlib.metadata.version("vgg-transfer")


def test_all_names_are_listed_and_there():
    assert len(set(vt.__all__)) == len(vt.__all__)
    assert set(vt.__all__) <= set(dir(vt))
    assert all(getattr(vt, name) is not None for name in vt.__all__)


def test_type_checkers_see_the_same_names_from_the_same_homes():
    tree = ast.parse(Path(vt.__file__).read_text(encoding="utf-8"))
    (block,) = (node.body for node in tree.body if isinstance(node, ast.If))
    seen = {}
    exec(compile(ast.Module(block, []), vt.__file__, "exec"), seen)
    assert set(vt.__all__) == set(seen) - {"__builtins__", "__annotations__", *RENAMED} | {
        "__version__"
    }
    assert all(seen[name] is getattr(vt, name) for name in vt.__all__ if name != "__version__")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'vgg_transfer' has no attribute 'trian'"):
        vt.trian  # noqa: B018


def test_whatever_is_no_python_is_in_the_package_too():
    package = Path(vt.__file__).parent
    table = tomllib.loads((package.parent / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = table["tool"]["setuptools"]["package-data"]["vgg_transfer"]
    packed = {file for pattern in patterns for file in package.glob(pattern)}
    there = {file for file in package.rglob("*") if file.is_file()}
    assert {file for file in there if not file.suffix.startswith(".py")} <= packed
