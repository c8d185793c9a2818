"""What people who work on the package are told is what is there."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import vgg_transfer as vt

ROOT = Path(__file__).parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")


def commands_of(target):
    """Return the commands of a target of the Makefile, with the folder of the tools filled in."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (lines,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    return [line.strip().replace("$(BIN)", ".venv/bin") for line in lines.splitlines()]


def test_a_commit_is_checked_by_the_commands_of_make():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^ +entry: (.+)$", hooks, re.MULTILINE)
    assert entries == commands_of("lint") + commands_of("types")
    # Each looks at the whole project, as make does, and needs nothing from elsewhere.
    assert hooks.count("pass_filenames: false") == hooks.count("language: system") == len(entries)
    assert re.findall(r"repo: (.+)", hooks) == ["local"]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^make (\w+)", CONTRIBUTING, re.M))))
def test_every_target_of_make_exists(target):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_map_names_every_room_and_no_other():
    table = CONTRIBUTING.partition("| room | what it is for |")[2].partition("\n\n")[0]
    named = {
        name.rstrip("/")
        for row in table.splitlines()[2:]
        for name in re.findall(r"`([a-z_]+/?)`", row.split("|")[1])
    }
    package = ROOT / "vgg_transfer"
    rooms = {path.parent.name for path in package.glob("*/__init__.py")}
    files = {path.stem for path in package.glob("[a-z]*.py")}
    assert named == rooms | files


@pytest.mark.parametrize(
    ("folder", "target"),
    [(ROOT, target) for target in re.findall(r"\]\(([^)#]+)\)", CONTRIBUTING)]
    + [(ROOT / "docs", target) for target in re.findall(r"\]\(([^)#]+)\)", DESIGN)],
)
def test_every_linked_file_exists(folder, target):
    assert (folder / target).exists()


def test_every_file_called_slow_exists():
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    files = re.findall(r'^    "(.+\.py)",$', conftest, re.MULTILINE)
    assert [file for file in files if not (ROOT / "tests" / file).is_file()] == []
    assert len(files) > 10


@pytest.mark.slow
def test_the_reference_is_built_without_a_warning_and_has_every_public_name(tmp_path):
    built = subprocess.run(
        [sys.executable, ROOT / "docs" / "api.py", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    front = (tmp_path / "vgg_transfer.html").read_text(encoding="utf-8")
    for name in vt.__all__:
        value = getattr(vt, name)
        if isinstance(value, ModuleType):  # has a page of its own
            assert (tmp_path / f"{value.__name__.replace('.', '/')}.html").is_file()
        else:
            assert f'id="{name}"' in front, name
