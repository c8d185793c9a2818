"""A connection that is given up where no request comes: uvicorn itself waits for ever."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


def impatient(seconds: float) -> type[asyncio.Protocol]:
    """Return uvicorn's connection, closed where the head of a request is not there in time.

    Args:
        seconds: that a head may take.
    """

    class Impatient(H11Protocol):
        """A connection with a clock that runs while a head is awaited."""

        _clock: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._await_head()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._await_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_clock()
            super().connection_lost(exc)

        def _await_head(self) -> None:
            if self.conn.their_state is not h11.IDLE:
                self._stop_clock()
            elif self._clock is None:
                self._clock = self.loop.call_later(seconds, self._give_up)

        def _give_up(self) -> None:
            if self.conn.their_state is h11.IDLE:
                self.transport.close()

        def _stop_clock(self) -> None:
            if self._clock is not None:
                self._clock.cancel()
                self._clock = None

    return Impatient
