"""The Dockerfile: its steps, done in a plain environment that has nothing of training.

No image is built here, since few machines that run tests have Docker.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest

from vgg_transfer.exports.export import export

ROOT = Path(__file__).parents[2]
TOKEN = "0123456789abcdef"
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def steps():
    """Return each instruction of the Dockerfile with what it is given, comments left out."""
    lines = [line for line in TEXT.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [tuple(line.split(" ", 1)) for line in joined.splitlines() if line.strip()]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_it_has_no_fault_that_a_linter_finds():
    found = subprocess.run(["hadolint", ROOT / "Dockerfile"], capture_output=True, check=False)
    assert found.stdout == b""


def test_it_is_small_and_nobody_is_root():
    kinds = [kind for kind, _ in steps()]
    assert kinds.count("FROM") == 1
    assert dict(steps())["FROM"].endswith("-slim")
    assert ("USER", "65534") in steps()
    assert kinds.index("USER") < kinds.index("ENTRYPOINT")
    assert "tensorflow" not in TEXT.lower().replace("without keras and tensorflow", "")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the steps are those of a shell")
def test_its_steps_serve_a_model(sure_run, tmp_path):
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    (exported,) = export(sure_run, ["onnx"], tmp_path / "exports")
    model = exported.folder
    (runtime,) = (given.split("=", 1)[1] for kind, given in steps() if "RUNTIME=" in given)
    around = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    where = around | {"PATH": f"{place / 'bin'}:/usr/bin:/bin", "RUNTIME": runtime.strip('"')}
    source = tmp_path / "src"
    source.mkdir()
    for names in (given.split()[:-1] for kind, given in steps() if kind == "COPY"):
        for name in (one for one in names if one != "${ARTEFACT}"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, source / name)
    for command in (given for kind, given in steps() if kind == "RUN"):
        done = subprocess.run(
            command.replace("/model", str(model)), shell=True, cwd=source, env=where,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert not list((place / "lib").rglob("site-packages/tensorflow"))

    entry = json.loads(dict(steps())["ENTRYPOINT"])
    program = [one.replace("/model", str(model)).replace("8000", "0") for one in entry]
    with subprocess.Popen(
        program, env={**where, "VGG_TRANSFER_TOKEN": TOKEN}, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as service:  # fmt: skip
        said = ""
        try:
            while "http://" not in said:
                said += service.stdout.readline() or pytest.fail(said)
            port = re.search(r"http://[^:/]+:(\d+)", said)[1]
            picture = next((model / "golden").iterdir()).read_bytes()
            answer = asked(port, picture)
        finally:
            service.terminate()
    assert {"blue", "red"} == set(re.findall("blue|red", answer))


def asked(port, picture):
    """Return what a service answers, as soon as it listens."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/predict", picture, {"Authorization": f"Bearer {TOKEN}"}
    )
    for _ in range(50):
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            pytest.fail(error.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    return pytest.fail("it never listened")
