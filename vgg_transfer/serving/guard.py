"""What stands before every address: who may ask, and what browsers are told about the answers.

On this machine alone, any web page that a person here has open could ask too, through the browser:
by a name of its own that leads here (DNS rebinding), or by sending a form across. So the name that
was asked for has to be this machine's, and what a page sends has to come from the page served here.
With a token none of that helps a stranger, and names do not matter.
"""

import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vgg_transfer.serving.body import Incoming
from vgg_transfer.serving.refusing import Limits, Refused
from vgg_transfer.words import excerpt

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
# What says nothing about the model or its pictures, and is needed to ask for a token.
_OPEN = ("/", "/docs", "/openapi.json", "/healthz", "/page.css", "/page.js")
_LOOPBACK = re.compile(r"(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?", re.I)
_SENDING = 10.0  # seconds that a refused request may go on being sent


@dataclass(frozen=True)
class Guard:
    """An application that is asked only by those who may.

    Args:
        app: what is guarded.
        limits: of the service.
        token: what has to be shown; empty: nothing, and only this machine may ask.
    """

    app: ASGIApp
    limits: Limits
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            return  # a WebSocket is closed, there is none here
        incoming, headers = Incoming(receive), Headers(scope=scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    told.setdefault(name, value)
                # Who waits to be told to go on (curl, with large files) has sent nothing yet.
                waits = "expect" in headers and not incoming.has_begun
                if message["status"] not in (200, 408) and not waits:
                    await incoming.throw_away(_SENDING)
                if not incoming.is_over:
                    told["Connection"] = "close"
            await send(message)

        try:
            self._check(scope, headers)
        except Refused as refused:
            said = JSONResponse({"error": str(refused)}, refused.status, refused.headers)
            await said(scope, incoming.receive, answer)
            return
        await self.app(scope, incoming.receive, answer)

    def _check(self, scope: Scope, headers: Headers) -> None:
        if self.token:
            if scope["path"] not in _OPEN and not self._knows_token(headers):
                raise Refused(
                    401,
                    "this service asks for its token, in the header Authorization: Bearer TOKEN; "
                    + ("another one was received" if "authorization" in headers else "none was"),
                    {"WWW-Authenticate": "Bearer"},
                )
            return
        host = headers.get("host", "")
        if not _LOOPBACK.fullmatch(host):
            raise Refused(
                403,
                f'this service answers as 127.0.0.1 or localhost, and "{excerpt(host)}" was asked '
                "for: use one of those names, or serve with --host and --token",
            )
        if scope["method"] not in ("GET", "HEAD") and not _is_from_here(headers, host):
            raise Refused(
                403,
                "a page from somewhere else sent this, and only the page of this service may: "
                "open that, or ask from a program",
            )

    def _knows_token(self, headers: Headers) -> bool:
        kind, _, shown = headers.get("authorization", "").partition(" ")
        is_it = hmac.compare_digest(shown.strip().encode(), self.token.encode())
        return kind.lower() == "bearer" and is_it


def _is_from_here(headers: Headers, host: str) -> bool:
    """Return whether a program sent this, or the page of this service."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()
