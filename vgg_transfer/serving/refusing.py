"""What a service does not do, with a status of HTTP and a sentence; and how much it does."""

from dataclasses import dataclass, field


class Refused(Exception):  # noqa: N818 - "raise Refused" says it all
    """A request that is answered with a status of 400 or more.

    Args:
        status: of HTTP.
        sentence: what is wrong, what was received, what to do.
        headers: that go with it. [default: none]
    """

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = headers or {}


@dataclass(frozen=True)
class Limits:
    """How much a service takes on.

    Args:
        body: bytes of one request. [default: 20 million]
        seconds: that a request may take to arrive. [default: 30]
        waiting: pictures that may wait for their answer; further ones are asked to come back.
            [default: 64]
        pictures: of one request. [default: 16]
        pixels: of one picture. [default: 64 million]
    """

    body: int = 20_000_000
    seconds: float = 30.0
    waiting: int = 64
    pictures: int = 16
    pixels: int = 64_000_000
    held: int = field(init=False)

    def __post_init__(self) -> None:
        """Bound what all requests together may hold while they arrive and wait, in bytes."""
        object.__setattr__(self, "held", 10 * self.body)
