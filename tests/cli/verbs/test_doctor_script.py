"""``vgg-transfer doctor`` of a script: what a person reads, and the recipes that are written."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from support.answers import checked

import vgg_transfer as vt
from vgg_transfer.recipe import read

SCRIPT = """\
from keras.applications import VGG16
from keras import layers, Model
base = VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))
base.trainable = False
x = layers.GlobalAveragePooling2D()(base.output)
model = Model(base.input, layers.Dense(5, activation='softmax')(x))
model.compile('adam', 'categorical_crossentropy')
model.fit(data, epochs=3)
"""


@pytest.fixture
def script(tmp_path):
    file = tmp_path / "train.py"
    file.write_text(SCRIPT, encoding="utf-8")
    return file


def test_a_script_is_explained_by_its_lines(ran, script):
    shown = ran("doctor", script)
    assert f'examined  script "{script}"' in shown
    assert "          8 lines and 1 training, by their text: nothing is run" in shown
    assert "warning   Blocks with random weights that never train (line 4)" in shown
    assert "  seen    VGG16 of line 3 has weights=None, and is frozen on line 4" in shown
    assert "  do      weights='imagenet', or let the base learn" in shown
    assert shown.endswith("1 warning\n")
    assert [one.code for one in vt.diagnose(script).findings] == ["frozen-noise"]


def test_both_recipes_are_written(ran, script, tmp_path):
    out = tmp_path / "mine.toml"
    shown = ran("doctor", script, "--out", out)
    mended = tmp_path / "mine-mended.toml"
    assert f"saved in  {out}" in shown
    assert f"compare DATA --recipes {out},{mended} --out comparison" in shown
    assert "left out  what is done to the pixels, which are not known: rescale is taken" in shown
    assert (read(out).base.weights, read(mended).base.weights) == ("none", "imagenet")
    assert "exists already, and nothing is overwritten" in ran(
        "doctor", script, "--out", out, code=1
    )


def test_a_program_gets_findings_and_files(ran, script, tmp_path):
    out = tmp_path / "mine.toml"
    found = checked("doctor", ran("doctor", script, "--out", out, "--json"))
    assert [(one["code"], one["where"]) for one in found["findings"]] == [
        ("frozen-noise", "line 4")
    ]
    assert found["recipes"] == [str(out), str(tmp_path / "mine-mended.toml")]
    assert len(found["left_out"]) == 1


def test_a_snippet_comes_on_standard_input(ran, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SCRIPT.encode())))
    assert 'examined  script "standard input"' in ran("doctor", "-")


def test_what_means_nothing_for_a_script_is_refused(ran, script):
    for option in ("--treat", "--no-model", "--recipe=probe", "--sheet=a.png"):
        said = ran("doctor", script, option, code=2)
        assert f"{option.partition('=')[0]}: a script is read and has none of that" in said


def test_what_is_no_script_is_one_message(ran, tmp_path):
    assert 'error: there is no script "none.py"' in ran("doctor", "none.py", code=1)
    (tmp_path / "a.py").write_bytes(b"\x7fELF\0")
    assert "is no text: there are NUL bytes in it" in ran("doctor", tmp_path / "a.py", code=1)


def test_neither_keras_nor_tensorflow_is_loaded(script):
    program = (
        "import sys; from vgg_transfer.cli import main; "
        f"sys.argv = ['vgg-transfer', 'doctor', {str(script)!r}]\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'keras', 'tensorflow', 'jax', 'torch', 'sklearn'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert found.stdout.endswith("1 warning\n[]\n"), found


def test_the_page_shows_what_is_printed(ran, tmp_path, monkeypatch):
    page = (Path(__file__).parents[3] / "docs" / "scripts.md").read_text(encoding="utf-8")
    text = page.partition("```python\n")[2].partition("```")[0]
    shown = page.partition("$ vgg-transfer doctor train.py --out train.toml\n")[2]
    monkeypatch.chdir(tmp_path)
    Path("train.py").write_text(text, encoding="utf-8")
    assert ran("doctor", "train.py", "--out", "train.toml") == shown.partition("```")[0]
