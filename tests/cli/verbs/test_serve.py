"""``vgg-transfer serve``: what it refuses before it listens, and that it stops as it should."""

import os
import re
import signal
import socket
import subprocess
import sys
from importlib import util
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.exported import write_darkness
from support.serving import asked

from vgg_transfer.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def refused(capsys):
    """Run the verb, which has to refuse; return what it says."""

    def run(*arguments, code=1):
        with pytest.raises(SystemExit) as leaving:
            main(["serve", *map(str, arguments)])
        assert leaving.value.code == code
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "my-machine"])
def test_an_address_that_others_reach_takes_a_token(refused, tiny_run, host):
    said = refused(tiny_run.folder, "--host", host)
    assert f'others can reach "{host}", so it takes a token: --token TOKEN' in said


@pytest.mark.parametrize("token", ["short", "spaces and\nlines in it", "ümlaute-in-einem-wort"])
def test_a_token_that_protects_nothing_is_refused(refused, tiny_run, token):
    assert "a token has 16 letters or more" in refused(tiny_run.folder, "--token", token)


def test_the_token_may_come_from_the_environment(refused, tiny_run, monkeypatch):
    monkeypatch.setenv("VGG_TRANSFER_TOKEN", "short")
    assert "5 were received" in refused(tiny_run.folder)


def test_a_port_that_is_taken_is_refused(refused, tiny_run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(tiny_run.folder, "--port", port)
    assert f'"127.0.0.1" cannot be listened on at port {port}: Address already in use' in said


def test_what_is_not_installed_is_named_with_its_extra(refused, tiny_run, monkeypatch):
    find = util.find_spec
    monkeypatch.setattr(
        "vgg_transfer.serving.extra.find_spec",
        lambda name: find(name) if name != "uvicorn" else None,
    )
    said = refused(tiny_run.folder)
    assert (
        'uvicorn cannot be found, and serving needs it: pip install "vgg-transfer[serve]"' in said
    )


def test_shares_and_folders_are_checked(refused, tmp_path):
    assert "--certain is a share of images" in refused(tmp_path, "--certain", "95", code=2)
    assert "run" in refused(tmp_path / "none")


def test_what_takes_a_run_is_refused_for_an_exported_model(refused, tmp_path):
    folder = write_darkness(tmp_path / "model")
    said = refused(folder, "--calibrated", "--certain", "0.9", code=2)
    assert "--calibrated, --certain takes a run" in said
    assert "is an exported model" in said


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(tiny_run, tiny_folder, stop):
    command = [sys.executable, "-m", "vgg_transfer", "serve", str(tiny_run.folder), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    try:
        lines = [process.stdout.readline() for _ in range(4)]
        link = re.search(r"^open +(http://127\.0\.0\.1:\d+/)$", lines[1], re.MULTILINE)[1]
        assert lines[0] == "serves    tiny: 2 classes at 16 px\n"
        assert lines[2] == f"send      curl -F file=@picture.jpg {link}predict\n"
        picture = next(tiny_folder.rglob("*.png")).read_bytes()
        status, found, _ = asked(SimpleNamespace(link=link), body=picture)
        assert (status, found["pictures"][0]["class"] in ("blue", "red")) == (200, True)
        process.send_signal(stop)
        rest, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert rest == "stopped: all who waited have their answer\n"
    assert process.returncode == 0
