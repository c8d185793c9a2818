"""The README speaks of commands, options, recipes and files that exist."""

import contextlib
import io
import re
from pathlib import Path

import pytest

from vgg_transfer import recipe
from vgg_transfer.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"vgg-transfer ([a-z]+)(?=[ `\n])", README)))


@pytest.fixture(scope="module")
def help_texts():
    """What ``vgg-transfer VERB --help`` prints, for every verb the README names."""
    texts = {}
    for verb in COMMANDS:
        written = io.StringIO()
        with contextlib.redirect_stdout(written), pytest.raises(SystemExit) as leaving:
            main([verb, "--help"])
        assert leaving.value.code == 0, verb
        texts[verb] = written.getvalue()
    return texts


def test_every_verb_has_help(help_texts):
    assert {"train", "evaluate", "predict", "recipes", "cache"} <= set(COMMANDS)
    for verb, text in help_texts.items():
        assert text.startswith(f"Usage: vgg-transfer {verb} ")


@pytest.mark.parametrize("option", sorted(set(re.findall(r"--[a-z][a-z-]+", README))))
def test_every_option_exists(option, help_texts):
    assert re.search(rf"(?<![a-z-]){option}(?![a-z-])", "".join(help_texts.values()))


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
