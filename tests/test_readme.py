"""The README speaks of commands, options, recipes and files that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from vgg_transfer import recipe

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"vgg-transfer ([a-z]+)(?=[ `\n])", README)


def help_of(verb: str) -> str:
    command = [sys.executable, "-m", "vgg_transfer", verb, "--help"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_verb_has_help():
    assert {"train", "evaluate", "predict", "recipes", "cache"} <= set(COMMANDS)
    for verb in sorted(set(COMMANDS)):
        assert "Usage" in help_of(verb)


@pytest.mark.parametrize("option", sorted(set(re.findall(r"--[a-z][a-z-]+", README))))
def test_every_option_exists(option):
    texts = "".join(help_of(verb) for verb in sorted(set(COMMANDS)))
    assert option in texts


def test_every_recipe_in_the_table_exists():
    table = README.partition("| recipe | what it does |")[2].partition("\n\n")[0]
    found = re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)
    assert found
    assert set(found) <= set(recipe.names())


def test_the_test_command_comes_first_and_is_what_ci_runs():
    first = README.partition("```")[2].partition("```")[0]
    assert "make demo" in first
    assert "make test" in first
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", README))
def test_every_linked_file_exists(target):
    assert (ROOT / target).exists()
