"""A treatment on the screen: what is tried meanwhile, and what it found."""

import shlex
from functools import partial
from pathlib import Path
from typing import Any

from vgg_transfer.cli.display.screen import Screen, near
from vgg_transfer.cli.display.training import TrialsDisplay
from vgg_transfer.cli.new_file import write_new
from vgg_transfer.doctor import Diagnosis, Treatment, treat
from vgg_transfer.recipe import Recipe, to_toml


def show_treatment(
    screen: Screen,
    target: Any,
    recipe: str | None,
    limits: tuple[float, int],
    diagnosis: Diagnosis,
) -> Treatment:
    """Try remedies within minutes, so many seeds each, and write what came of them."""
    with TrialsDisplay(screen) as display:
        found = treat(target, recipe, *limits, diagnosis=diagnosis, listen=display)
    screen.say()
    screen.note("treated", [found.judged])
    for one in found.tried:
        screen.note("", [one.sentence], "bold green" if one.helps else "dim")
    screen.note("", found.left_out)
    screen.say()
    screen.say(found.verdict, "bold")
    return found


def save_recipe(screen: Screen, found: Treatment, out: Path | None) -> None:
    """Write the recipe to use where it is wanted, and say how it is used."""
    if out is not None:
        write_new(out, (".toml",), partial(_write, found.recipe))
    file = near((out or found.recipe_file).absolute())
    screen.note("saved in", [str(near(found.folder.absolute())), str(file)])
    screen.say(f"  vgg-transfer train DATA --recipe {shlex.quote(str(file))}")


def _write(recipe: Recipe, path: Path) -> None:
    path.write_text(to_toml(recipe), encoding="utf-8")
