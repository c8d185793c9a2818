"""Whether a download has a chance, asked before libraries wait for it, and why one failed."""

import socket
from contextlib import suppress
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """Return the name of the machine that a URL leads to."""
    return urlsplit(url).hostname or url


def is_reachable(url: str, seconds: float = 15.0) -> bool:
    """Return whether a connection for this URL, by a proxy if one is set, opens in that time."""
    wanted = urlsplit(url)
    host = wanted.hostname or ""
    proxy = getproxies().get(wanted.scheme)
    if proxy and not proxy_bypass(host):
        wanted = urlsplit(proxy if "//" in proxy else f"//{proxy}", scheme="http")
    port = wanted.port or _PORTS.get(wanted.scheme, 443)
    answers: list[bool] = []

    def connect() -> None:
        with suppress(OSError):
            socket.create_connection((wanted.hostname or "", port), timeout=seconds).close()
            answers.append(True)

    attempt = Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(seconds)  # looking up a name has no time limit of its own
    return answers == [True]


def first_line(error: Exception) -> str:
    """Return what an error of a library says first, or its name where it says nothing."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return lines[0].strip() if lines else type(error).__name__
