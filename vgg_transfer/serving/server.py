"""The server: it listens on an address, and stops when all that was begun is answered."""

import ipaddress
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from threadpoolctl import threadpool_limits

from vgg_transfer.errors import ServeError
from vgg_transfer.serving.connection import impatient
from vgg_transfer.serving.model_thread import ModelThread
from vgg_transfer.serving.refusing import Limits
from vgg_transfer.serving.served import Served
from vgg_transfer.serving.service import service
from vgg_transfer.words import printable

_CONNECTIONS = 512  # above this they are turned away before anything is read
_SHORTEST_TOKEN = 16


class Server:
    """A service that listens; ``run`` answers until ``stop``, or until Ctrl-C or SIGTERM.

    ``link`` is where its page is.

    Args:
        served: what answers.
        host: the address to listen on.
        port: the port; 0 for one that is free.
        token: what has to be shown; empty: nothing, on this machine alone.
        limits: of what is taken on.

    Raises:
        ServeError: the address cannot be had, or can be reached by others and there is no token.
    """

    def __init__(self, served: Served, host: str, port: int, token: str, limits: Limits) -> None:
        check_token(host, token)
        self._socket = _listening(host, port)
        address, found = self._socket.getsockname()[:2]
        self.link = f"http://{f'[{address}]' if ':' in address else address}:{found}/"
        self._model = ModelThread(served)
        app = service(served, self._model, limits, token)
        self._server = _Stoppable(
            uvicorn.Config(
                app,
                http=impatient(limits.seconds),
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="error",  # what strangers send wrongly is answered, and fills no log
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=_CONNECTIONS,
                timeout_graceful_shutdown=int(limits.seconds) + 30,
            )
        )

    def run(self) -> None:
        """Answer, until it is stopped; then what was begun is answered still."""
        try:
            # The resizing of a picture is a small product of matrices. The threads that NumPy would
            # take for it spin for a while when they are done, and the model has to wait for them.
            with threadpool_limits(1, user_api="blas"):
                self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()
            self._model.close()

    def stop(self) -> None:
        """Let nobody else in, from whatever thread; ``run`` returns when all have their answer."""
        self._server.should_exit = True


class _Stoppable(uvicorn.Server):
    """Ctrl-C and SIGTERM let it come to its end, and are no error; a second one ends it at once."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in _SIGNALS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def check_token(host: str, token: str) -> None:
    """Refuse a token that protects nothing, and an address that others reach without one.

    Args:
        host: the address to listen on.
        token: what is to be shown; empty: nothing.

    Raises:
        ServeError: with what to do.
    """
    make = "make one: python -c 'import secrets; print(secrets.token_urlsafe())'"
    if token and (len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        raise ServeError(
            f"a token has {_SHORTEST_TOKEN} letters or more, digits and signs among them, and none "
            f"that is not ASCII; {len(token)} were received: {make}"
        )
    if not token and not _is_loopback(host):
        raise ServeError(
            f'others can reach "{printable(host)}", so it takes a token: --token TOKEN, or '
            f"VGG_TRANSFER_TOKEN; {make}. Without one, serve on 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Without the protocol's name asyncio lets small answers wait 40 ms for company (Nagle).
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix":  # elsewhere this would take a port that another program has
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(256)
        except OSError:
            listening.close()
            raise
        return listening
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ServeError(
            f'"{printable(host)}" cannot be listened on at port {port}: {reason}. Choose another '
            "with --port, or 0 for any that is free"
        ) from error
