"""What TensorFlow writes while it is loaded, and what of it a user sees.

Modules of the tests take the places of TensorFlow and Keras; they write past Python, as the
libraries of TensorFlow do.
"""

import gc
import logging
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from vgg_transfer.cli.quiet import load_tensorflow

NOISE = 'import os\nos.write(2, b"noise\\n")\n'


@pytest.fixture
def tensorflow(tmp_path, monkeypatch):
    """Return a function that gives TensorFlow, not loaded yet, that source, and Keras another."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in ("tensorflow", "keras"):
        monkeypatch.setitem(sys.modules, name, None)  # what it is now comes back at the end
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "seen", [], raising=False)
    levels = {name: logging.getLogger(name).level for name in ("tensorflow", "absl")}

    def become(source, keras=""):
        (tmp_path / "tensorflow.py").write_text(source)
        (tmp_path / "keras.py").write_text(keras)

    yield become
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_what_goes_past_python_is_kept_back_while_it_loads(tensorflow, capfd):
    tensorflow(NOISE)
    load_tensorflow()
    assert "tensorflow" in sys.modules
    os.write(2, b"news\n")
    assert capfd.readouterr().err == "news\n"


def test_it_comes_out_with_an_error(tensorflow, capfd):
    tensorflow(f"{NOISE}raise ImportError('no such library')")
    with pytest.raises(ImportError, match="no such library"):
        load_tensorflow()
    os.write(2, b"news\n")
    assert capfd.readouterr().err == "noise\nnews\n"


def test_a_user_who_wants_to_see_more_sees_it(tensorflow, capfd, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    tensorflow(NOISE)
    load_tensorflow()
    assert capfd.readouterr().err == "noise\n"


def test_silence_is_the_rule_and_told_to_tensorflow(tensorflow, capfd, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
    tensorflow(f"{NOISE}level = os.environ['TF_CPP_MIN_LOG_LEVEL']")
    load_tensorflow()
    assert (sys.modules["tensorflow"].level, capfd.readouterr().err) == ("3", "")


def test_without_an_error_stream_it_loads_all_the_same(tensorflow, monkeypatch):
    def closed(_):
        raise OSError("Bad file descriptor")

    monkeypatch.setattr(os, "dup", closed)
    tensorflow("")
    load_tensorflow()
    assert "tensorflow" in sys.modules


def test_what_is_loaded_is_not_loaded_again(tensorflow, capfd):
    tensorflow(NOISE)
    load_tensorflow()
    load_tensorflow()
    assert capfd.readouterr().err == ""


def test_temporary_files_go_with_the_process(tmp_path):
    for name in ("tensorflow", "keras"):
        (tmp_path / f"{name}.py").write_text("")
    code = (
        f"import sys, tempfile; sys.path.insert(0, {str(tmp_path)!r}); "
        "from vgg_transfer.cli.quiet import load_tensorflow; load_tensorflow(); "
        "print(tempfile.mkstemp()[1])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    left = Path(ended.stdout.strip())
    assert left.parent.name.startswith("vgg-transfer-")
    assert not left.parent.exists()


@pytest.mark.parametrize("error", ["", "raise RuntimeError('no device')"])
def test_what_keras_would_load_for_others_is_left_out_and_can_be_loaded_later(
    tensorflow, monkeypatch, error
):
    for name in ("sklearn", "matplotlib"):
        for module in [one for one in sys.modules if one.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, module)
    finding = "try:\n    import {0}\n    found.append('{0}')\nexcept ImportError:\n    pass\n"
    found = "".join(finding.format(name) for name in ("sklearn", "matplotlib", "json"))
    tensorflow("", keras=f"found = []\n{found}import sys\nsys.seen = found\n{error}")
    with pytest.raises(RuntimeError, match="no device") if error else nullcontext():
        load_tensorflow()
    assert sys.seen == ["json"]
    assert not {"sklearn", "matplotlib"} & set(sys.modules)
    assert gc.isenabled()


def test_what_is_loaded_already_stays(tensorflow, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", os)  # any module will do
    tensorflow("", keras="import sklearn")
    load_tensorflow()
    assert sys.modules["sklearn"] is os
