"""What a request brings: pictures, as they arrive, no more than is allowed and not for ever."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from vgg_transfer.serving.refusing import Limits, Refused
from vgg_transfer.serving.waiting_room import Place
from vgg_transfer.words import listed

Sent = tuple[str, bytes]
_FIELD = "file"
_UNNAMED = "the picture"
_LONGEST_NAME = 200  # letters
_HOW = 'send one picture as the body, or several as multipart/form-data in fields called "file"'


class Incoming:
    """The messages of a request, one after another, and whether there are more."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.has_begun = self.is_over = False

    async def receive(self) -> Message:
        """Return the next message, as ASGI has them."""
        self.has_begun = True
        message = await self._receive()
        self.is_over = message["type"] == "http.disconnect" or not message.get("more_body", False)
        return message

    async def throw_away(self, seconds: float) -> None:
        """Let the sender come to an end: most read no answer before they have sent all.

        Args:
            seconds: after which it is given up.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.is_over:
                    await self.receive()


async def pictures_of(request: Request, limits: Limits, place: Place) -> Sequence[Sent]:
    """Return names and bytes of the pictures that a request brings.

    Args:
        request: whose body is read.
        limits: of what it may bring.
        place: where room is taken for it.

    Raises:
        Refused: it brings too much, too slowly, or no picture.
    """

    async def bounded() -> Message:
        message = await request.receive()
        place.hold(len(message.get("body", b"")))
        return message

    says = request.headers.get("content-length", "0")
    if says.isdecimal() and int(says) > limits.body:
        place.hold(int(says))  # refuses; what it says otherwise is not relied on
    arriving = Request(request.scope, bounded)
    try:
        async with asyncio.timeout(limits.seconds):
            if request.headers.get("content-type", "").lower().startswith("multipart/"):
                return await _files(arriving, limits)
            return [(_UNNAMED, await arriving.body())]
    except TimeoutError:
        raise Refused(
            408,
            f"the request did not arrive within {limits.seconds:g} seconds: send a smaller "
            "picture, or send it faster",
        ) from None
    except ClientDisconnect:
        raise Refused(400, "the connection was cut before all had arrived: send it again") from None


async def _files(request: Request, limits: Limits) -> Sequence[Sent]:
    """Return what comes in forms: Starlette keeps what is above 1 MB in files without a name."""
    most = limits.pictures
    try:
        form = await request.form(max_files=most, max_fields=most)
    except HTTPException as error:
        if "Too many files" in str(error.detail):
            raise Refused(
                413, f"a request may bring {most} pictures: send the others in another one"
            ) from error
        raise Refused(400, f"the form cannot be read ({error.detail}): {_HOW}") from error
    try:
        found = [one for one in form.getlist(_FIELD) if isinstance(one, UploadFile)]
        if not found:
            fields = listed(dict.fromkeys(form)) or "nothing"
            raise Refused(422, f'no file in a field called "{_FIELD}", received {fields}: {_HOW}')
        return [((one.filename or _UNNAMED)[:_LONGEST_NAME], await one.read()) for one in found]
    finally:
        await form.close()
