"""What is taken for a program, where its lines are, and what is said of the rest."""

import json

import pytest

from vgg_transfer.doctor.scripts import examine_script, is_script, open_script, read_script
from vgg_transfer.doctor.scripts.source import decoded
from vgg_transfer.errors import ScriptError

GOOD = """\
from tensorflow.keras.applications import VGG16
base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base.layers.pop()
"""


def test_what_is_no_python_gives_way_and_is_said():
    text = "import tensorflow as tf\nprint 'hello'\n" + GOOD + "x = = 3\n"
    found = examine_script(read_script(text, "old.py"))
    assert [(one.code, one.where) for one in found] == [
        ("unread", "line 2"),
        ("popped-layers", "line 5"),
    ]
    assert "Missing parentheses" in found[0].seen
    assert found[0].seen.endswith("; and 1 place more")


def test_what_is_broken_all_over_is_read_up_to_there():
    text = GOOD + "if True\n    x = (\n" + "for ]:\n" * 500
    found = examine_script(read_script(text, "broken.py"))
    assert {one.code for one in found} == {"unread", "popped-layers"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no code in it"),
        ("\n \n", "has no code in it"),
        ("{{{{", "cannot be read as Python: line 1"),
        ("a\0b", "cannot be read as Python"),
    ],
)
def test_what_is_no_script_is_one_message(text, says):
    with pytest.raises(ScriptError, match=says):
        read_script(text, "nothing.py")


def test_encodings():
    text = "# -*- coding: latin-1 -*-\nname = 'é'\n" + GOOD
    for data in (
        text.encode("latin-1"),
        text.encode(),
        text.encode("utf-16"),
        b"\xef\xbb\xbf" + text.encode(),
    ):
        story = read_script(decoded(data, "a.py"), "a.py")
        assert [one.where for one in examine_script(story)] == ["line 5"]
    assert decoded(b"# coding: nonsense\nx = '\xe9'", "a.py").endswith("é'")
    with pytest.raises(ScriptError, match=r'"a\.py" is no text: there are NUL bytes in it'):
        decoded(b"\x7fELF\0\0", "a.py")
    with pytest.raises(ScriptError, match=r"has 5,000,001 bytes, and no script is that long"):
        decoded(b"#" * 5_000_001, "a.py")


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": text.splitlines(keepends=True)} for text in cells]
    return json.dumps(
        {"cells": [{"cell_type": "markdown", "source": "# hello"}, *made], "nbformat": 4}
    )


def test_notebooks_are_read_without_their_magics():
    text = notebook(
        "%matplotlib inline\n!pip install keras\nfiles = !ls\n" + GOOD,
        "%%bash\nrm -rf /\n",
        "model = base\ndel base.layers[0]",
    )
    found = examine_script(read_script(text, "a.ipynb"))
    assert [one.where for one in found] == ["cell 2, line 6", "cell 4, line 2"]
    with pytest.raises(ScriptError, match=r'"a\.ipynb" is no notebook'):
        read_script("{}", "a.ipynb")


def test_a_text_with_code_in_fences():
    text = f"# Why?\n\nSome *text* with `code`.\n\n```python\n{GOOD}```\n\n```bash\nrm x\n```\n"
    assert [one.where for one in examine_script(read_script(text, "a.md"))] == ["line 8"]
    assert [one.where for one in examine_script(read_script(GOOD, "standard input"))] == ["line 3"]


def test_nothing_is_run_or_imported(tmp_path):
    canary = tmp_path / "canary"
    text = f"import os\nopen({str(canary)!r}, 'w').write('x')\nos.system('touch {canary}')\n" + GOOD
    file = tmp_path / "train.py"
    file.write_text(text, encoding="utf-8")
    assert is_script(file)
    assert [one.code for one in examine_script(open_script(file))] == ["popped-layers"]
    assert not canary.exists()


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(ScriptError, match="there is no script"):
        open_script(tmp_path / "none.py")
    (tmp_path / "folder.py").mkdir()
    with pytest.raises(ScriptError, match="cannot read the script"):
        open_script(tmp_path / "folder.py")
