"""The addresses of a service: pictures in, answers out; a page to try it, and one that explains."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from vgg_transfer.errors import VggTransferError
from vgg_transfer.images.squares import Floats
from vgg_transfer.run import Prediction
from vgg_transfer.serving.answers import About, Answer, Answers, Fault, answer_of, text
from vgg_transfer.serving.body import Sent, pictures_of
from vgg_transfer.serving.guard import Guard
from vgg_transfer.serving.model_thread import ModelThread
from vgg_transfer.serving.refusing import Limits, Refused
from vgg_transfer.serving.seeing import pixels_of, seen
from vgg_transfer.serving.served import Served
from vgg_transfer.serving.waiting_room import WaitingRoom

_PAGE = Path(__file__).with_name("page")
_FILES = {
    "/": ("index.html", "text/html"),
    "/docs": ("docs.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_AT_A_TIME = 4  # pictures that are decoded
# Above this they are decoded by a thread of their own: small ones need not wait for them, and what
# a thread has freed it keeps for itself (glibc), so that more threads would hold as much again.
_LARGE = 12_000_000
_Asked = Future[tuple[Floats, Floats | None]]
_BINARY = {"type": "string", "format": "binary"}
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "array", "items": _BINARY}},
            }
        },
        "image/*": {"schema": _BINARY},
    },
}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault, "description": why}
    for status, why in {
        400: "The form or the connection is broken.",
        401: "The token is missing, or another one.",
        403: "Asked under a foreign name, or by a foreign page.",
        408: "The request took too long to arrive.",
        413: "Too many bytes, or too many pictures.",
        415: "Not a picture, or of a kind that is not read.",
        422: "A damaged picture, or a setting that makes no sense.",
        503: "Too many wait; come back when Retry-After says.",
    }.items()
}


def service(served: Served, model: ModelThread, limits: Limits, token: str) -> ASGIApp:
    """Return a service as an ASGI application.

    Args:
        served: what answers.
        model: the thread that asks it.
        limits: of what is taken on.
        token: what has to be shown; empty: nothing, and only this machine may ask.
    """
    app = FastAPI(
        title="vgg_transfer", description=_ABOUT, docs_url=None, redoc_url=None, version="1"
    )
    room = WaitingRoom(limits)
    desk = _Desk(served, model, limits)

    @app.post("/predict", openapi_extra={"requestBody": _BODY}, responses=_REFUSALS)
    async def predict(
        request: Request,
        top: Annotated[int | None, Query(ge=1, description="Only the K likeliest.")] = None,
        heat: Annotated[bool, Query(description="Say what decided the answer.")] = False,
    ) -> Answers:
        """Say what is on a picture, or on several."""
        with room.place() as place:
            sent = await pictures_of(request, limits, place)
            place.seat(len(sent))
            found = await asyncio.gather(*(desk.answer(one, top, heat) for one in sent))
        if all(isinstance(one, Refused) for one in found):
            raise next(one for one in found if isinstance(one, Refused))
        return Answers(
            model=text(served.name), pictures=[_told(*one) for one in zip(sent, found, strict=True)]
        )

    @app.get("/healthz")
    async def health() -> dict[str, str | int]:
        """Say that the service is there, and how many pictures wait."""
        return {"status": "ok", "waiting": room.pictures}

    @app.get("/about")
    async def about() -> About:
        """Say what is served, and what it takes."""
        return About(
            model=text(served.name),
            classes=[text(name) for name in served.class_names],
            heat=served.heat is not None,
            no_heat=served.no_heat,
            tried=served.tried,
            examples=[text(one.name) for one in served.examples],
            most_bytes=limits.body,
            most_pictures=limits.pictures,
        )

    @app.get("/examples/{number}", response_class=Response)
    async def example(number: int) -> Response:
        """Return a picture to try the model on."""
        if not 0 <= number < len(served.examples):
            raise Refused(404, f"there are {len(served.examples)} examples, counted from 0")
        one = served.examples[number]
        return Response(one.data, media_type=one.kind)

    for address, (name, kind) in _FILES.items():
        app.add_api_route(address, _file(name, kind), include_in_schema=False)
    _say_errors_in_a_sentence(app)
    return Guard(app, limits, token)


_ABOUT = "Pictures in, classes out. Each answer that is none is a sentence, in `error`."


class _Desk:
    """From the bytes of a picture to its answer: decoded by some threads, asked by another."""

    def __init__(self, served: Served, model: ModelThread, limits: Limits) -> None:
        self._served, self._model, self._limits = served, model, limits
        self._threads = ThreadPoolExecutor(_AT_A_TIME, "decoding")
        self._large = ThreadPoolExecutor(1, "decoding large ones")

    async def answer(self, sent: Sent, top: int | None, heat: bool) -> Answer | Refused:
        """Return the answer, or the refusal of what is no picture."""
        served, run = self._served, asyncio.get_running_loop().run_in_executor
        how = sent, heat and served.heat is not None
        try:
            asked = await run(self._threads, self._ask_unless_large, *how)
            if asked is None:
                asked = await run(self._large, self._ask, *how)
        except Refused as refused:
            return refused
        row, hot = await asyncio.wrap_future(asked)
        no_heat = served.no_heat if heat and not served.heat else None
        return answer_of(served.said(sent[0], row), top, hot, no_heat)

    def _ask_unless_large(self, sent: Sent, heat: bool) -> _Asked | None:
        return None if pixels_of(*sent, self._limits) > _LARGE else self._ask(sent, heat)

    def _ask(self, sent: Sent, heat: bool) -> _Asked:
        """Decode a picture and ask at once, without a way back in between."""
        square, shape = seen(*sent, self._served)
        return self._model.ask(square, shape if heat else None)


def _told(sent: Sent, found: Answer | Refused) -> Answer:
    """Return the answer; of a picture that cannot be read, among others that can, the reason."""
    if isinstance(found, Answer):
        return found
    return answer_of(Prediction(sent[0], None, {}, str(found)), None)


def _file(name: str, kind: str) -> Callable[[], Awaitable[FileResponse]]:
    async def send() -> FileResponse:
        return FileResponse(_PAGE / name, media_type=kind)

    return send


def _say_errors_in_a_sentence(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return JSONResponse({"error": str(error)}, error.status, error.headers)

    @app.exception_handler(RequestValidationError)
    async def misunderstood(_: Request, error: RequestValidationError) -> Response:
        faults = [f"{one['loc'][-1]}={one['input']!s:.60}: {one['msg']}" for one in error.errors()]
        return JSONResponse({"error": f"cannot be understood: {'; '.join(faults)}"}, 422)

    @app.exception_handler(HTTPException)
    async def elsewhere(request: Request, error: HTTPException) -> Response:
        told = f"{request.method} {request.url.path:.80} is nothing that is served here: see /docs"
        return JSONResponse({"error": told}, error.status_code, error.headers)

    @app.exception_handler(VggTransferError)
    async def damaged(_: Request, error: VggTransferError) -> Response:
        return JSONResponse({"error": str(error)}, 500)

    @app.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> Response:
        return JSONResponse({"error": f"the model cannot answer: {error!s:.300}"}, 500)
