"""The notebooks run, use the public API only, and are kept with what they show."""

import ast
import base64
import importlib.util
import json
import re
import struct
from pathlib import Path

import pytest

import vgg_transfer as vt

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SECONDS = 180  # for all cells of one notebook
LARGEST = 1_000_000  # bytes
# A place or a person on the machine that executed it.
PLACES = re.compile(r"(/(home|root|tmp|work|var|Users|private)\b[^ ]*|[A-Z]:\\\S+)")


def cells_of(file, kind):
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == kind]


def source_of(file):
    return "\n".join("".join(cell["source"]) for cell in cells_of(file, "code"))


def outputs_of(file):
    return [output for cell in cells_of(file, "code") for output in cell["outputs"]]


def test_there_are_five():
    assert [file.stem for file in NOTEBOOKS] == [
        "01_your_image_folder",
        "02_reproduce_dogs_cats",
        "03_frozen_or_unfrozen",
        "04_why_is_it_bad",
        "05_ship_it",
    ]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_only_public_names_are_used(file):
    tree = ast.parse(source_of(file))
    imported = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    ] + [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [name for name in imported if name.startswith("vgg_transfer.")] == []
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    assert [node.attr for node in attributes if node.attr.startswith("_")] == []
    used = {
        node.attr
        for node in attributes
        if isinstance(node.value, ast.Name) and node.value.id == "vt"
    }
    assert used
    assert used <= set(vt.__all__)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_is_kept_with_its_pictures_and_nothing_of_a_machine(file):
    assert file.stat().st_size < LARGEST
    for output in outputs_of(file):
        assert output["output_type"] in ("stream", "execute_result", "display_data")
        assert output.get("name") != "stderr"
    pictures = [
        one["data"]["image/png"] for one in outputs_of(file) if "image/png" in one.get("data", {})
    ]
    assert len(pictures) >= 2
    for picture in pictures:
        width, _ = struct.unpack(">II", base64.b64decode(picture)[16:24])
        assert 500 <= width <= 1200  # the square of two classes is narrow
    said = json.dumps(
        [one.get("text") or one["data"].get("text/plain") for one in outputs_of(file)]
    )
    assert PLACES.findall(said) == []
    assert "WARNING" not in said
    for cell in cells_of(file, "markdown"):
        assert PLACES.findall("".join(cell["source"])) == []


@pytest.mark.slow
@pytest.mark.timeout(2 * SECONDS)
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_it_runs_from_top_to_bottom(file, tmp_path, tmp_path_factory):
    quick = on_fewer_pictures(file, tmp_path_factory.mktemp("quick"))
    notebook = executing().execute(quick, tmp_path, timeout=SECONDS)
    shown = [one for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]
    kept = [sorted(one.get("data", {})) for one in outputs_of(file)]
    assert [sorted(one.get("data", {})) for one in shown] == kept
    # Only in the temporary folder of its own that it names itself. What TensorFlow generates it
    # removes again, but not what Python has compiled of that.
    left = [path.name for path in tmp_path.iterdir() if path.name != "__pycache__"]
    assert [name[:3] for name in left] == ["tmp"]


def on_fewer_pictures(file, folder):
    """Return a copy of a notebook that draws an eighth of the pictures, smaller, with a seed less.

    What is exported has three blocks of VGG16, which are a ninth of its weights.
    """
    text, quick = file.read_text(encoding="utf-8"), folder / file.name
    if "SampleOptions" in text:  # it says itself how many it draws
        fewer = re.sub(r"train=\d+, val=\d+, test=\d+", "train=16, val=12, test=12", text)
    else:
        line = 'vt.draw_sample(work / \\"pets\\"'
        assert text.count(line) == 1
        fewer = text.replace(line, f"{line}, vt.SampleOptions(train=15, val=5, test=15)")
        fewer = fewer.replace(', seeds=3)"', ', seeds=1)"')
    assert fewer != text
    if "vt.export(" in text:
        assert fewer.count("probe(size=96)") == fewer.count("margin=3") == 1
        fewer = fewer.replace("probe(size=96)", 'probe(size=96, base={\\"blocks\\": 3})')
        fewer = fewer.replace("margin=3", "margin=10")  # one of 24 images is four points
    quick.write_text(fewer.replace("size=96", "size=48"), encoding="utf-8")
    return quick


def executing():
    """Return the script that executes notebooks, as a module."""
    found = importlib.util.spec_from_file_location("execute", FOLDER / "execute.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
