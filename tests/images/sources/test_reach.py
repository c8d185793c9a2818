"""Whether a download has a chance: known in bounded time."""

import socket
import time

import pytest

from vgg_transfer.images.sources.reach import host_of, is_reachable


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_machine_that_answers_and_one_that_does_not(port):
    assert is_reachable(f"http://127.0.0.1:{port}/file.zip")
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]
    assert not is_reachable(f"http://127.0.0.1:{closed}/file.zip")


def test_a_proxy_is_asked_instead(port, monkeypatch):
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    assert is_reachable("https://no-such-host.invalid/file.zip")


def test_waiting_has_an_end(monkeypatch):
    def hang(*_, **__):
        time.sleep(5)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)
    began = time.monotonic()
    assert not is_reachable("https://no-such-host.invalid/file.zip", seconds=0.1)
    assert time.monotonic() - began < 3


def test_the_host_of_a_url():
    assert host_of("https://www.cs.toronto.edu/~kriz/a.tar.gz") == "www.cs.toronto.edu"
