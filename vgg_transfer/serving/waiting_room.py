"""How many pictures wait, and how many bytes are held for them: beyond the limits, none is let in.

All of it happens in the one thread that talks to the network, so nothing has to be locked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from vgg_transfer.serving.refusing import Limits, Refused
from vgg_transfer.words import counted

_COME_BACK = {"Retry-After": "1"}


class WaitingRoom:
    """What a service has in work; ``pictures`` of them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pictures = 0
        self.bytes = 0

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """Let a request in, until it is answered.

        Raises:
            Refused: there is no room for it now.
        """
        place = Place(self)
        try:
            place.seat(1)
            yield place
        finally:
            self.pictures -= place.pictures
            self.bytes -= place.bytes


class Place:
    """What one request takes of the room."""

    def __init__(self, room: WaitingRoom) -> None:
        self._room = room
        self.pictures = 0
        self.bytes = 0

    def seat(self, pictures: int) -> None:
        """Take as much room as so many pictures need.

        Raises:
            Refused: there is not so much.
        """
        more, most = pictures - self.pictures, self._room.limits.waiting
        if self._room.pictures + more > most:
            raise Refused(
                503,
                f"{counted(self._room.pictures, 'picture')} wait for an answer, and {most} may: "
                "send yours again in a second",
                _COME_BACK,
            )
        self.pictures += more
        self._room.pictures += more

    def hold(self, size: int) -> None:
        """Take room for so many more bytes.

        Raises:
            Refused: there is not so much, for this request or for all of them.
        """
        limits = self._room.limits
        if self.bytes + size > limits.body:
            raise Refused(
                413,
                f"a request may have {limits.body / 1e6:g} MB, and this one has more: send a "
                "smaller picture, or fewer at once",
            )
        if self._room.bytes + size > limits.held:
            raise Refused(
                503, "too many large pictures arrive at once: send yours again in a second",
                _COME_BACK,
            )  # fmt: skip
        self.bytes += size
        self._room.bytes += size
