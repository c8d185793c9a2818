"""What TensorFlow writes while it is loaded, and what of it a user sees.

A module of the tests takes TensorFlow's place; it writes past Python, as TensorFlow's libraries do.
"""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vgg_transfer.cli.quiet import load_tensorflow

NOISE = 'import os\nos.write(2, b"noise\\n")\n'


@pytest.fixture
def tensorflow(tmp_path, monkeypatch):
    """Return a function that gives TensorFlow, not loaded yet, that source."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    monkeypatch.setitem(sys.modules, "tensorflow", None)  # what it is now comes back at the end
    monkeypatch.delitem(sys.modules, "tensorflow")
    monkeypatch.syspath_prepend(tmp_path)
    levels = {name: logging.getLogger(name).level for name in ("tensorflow", "absl")}

    def become(source):
        (tmp_path / "tensorflow.py").write_text(source)

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
    (tmp_path / "tensorflow.py").write_text("")
    code = (
        f"import sys, tempfile; sys.path.insert(0, {str(tmp_path)!r}); "
        "from vgg_transfer.cli.quiet import load_tensorflow; load_tensorflow(); "
        "print(tempfile.mkstemp()[1])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    left = Path(ended.stdout.strip())
    assert left.parent.name.startswith("vgg-transfer-")
    assert not left.parent.exists()
