"""What a person sees of a script's recipes, and where they are written."""

import shlex
from functools import partial
from pathlib import Path

from vgg_transfer.cli.display.screen import Screen, near
from vgg_transfer.cli.new_file import check_new, write_new
from vgg_transfer.doctor.scripts import Carried
from vgg_transfer.recipe import Recipe, to_toml


def mended_file(out: Path) -> Path:
    """Return where the mended recipe is written, beside the one as it was written."""
    return out.with_name(f"{out.stem}-mended{out.suffix}")


def check_recipe_files(out: Path) -> None:
    """Refuse places that cannot be written to, before any work is done for them."""
    for file in (out, mended_file(out)):
        check_new(file, (".toml",))


def save_recipes(screen: Screen, carried: Carried, out: Path) -> tuple[Path, ...]:
    """Write both recipes, say what could not be carried over, and how they are compared.

    Returns the files: one where nothing is to be mended.
    """
    files = [(out, carried.written)]
    if carried.mended != carried.written:
        files.append((mended_file(out), carried.mended))
    for file, recipe in files:
        write_new(file, (".toml",), partial(_write, recipe))
    screen.say()
    screen.note("left out", carried.left_out)
    shown = [str(near(file.absolute())) for file, _ in files]
    screen.note("saved in", shown)
    if len(files) == 1:
        screen.say(f"  vgg-transfer train DATA --recipe {shlex.quote(shown[0])}")
    else:
        both = shlex.quote(",".join(shown))
        screen.say(f"  vgg-transfer compare DATA --recipes {both} --out comparison")
    return tuple(file for file, _ in files)


def _write(recipe: Recipe, path: Path) -> None:
    path.write_text(to_toml(recipe), encoding="utf-8")
