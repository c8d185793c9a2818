"""Pictures to judge, each held until its answer is there.

A picture that cannot be read is left out of the batches, and why is kept. Pictures are drawn one by
one and let go with their answer, so that any number of them takes the memory of a few batches.
"""

from collections.abc import Iterable, Iterator

from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given


class Flow:
    """Pictures on their way from where they are listed to their answer.

    A picture's number is its place in them. They may be drawn in a thread that hands on no error of
    ours, as TensorFlow's does: it is kept until the answers before it are there.

    Args:
        pictures: what is judged; drawn once.
    """

    def __init__(self, pictures: Iterable[Given]) -> None:
        self._pictures = pictures
        self._failure: Exception | None = None
        self._held: dict[int, Given] = {}
        self._unreadable: dict[int, Undecodable] = {}
        self._answered = 0

    def numbers(self) -> Iterator[int]:
        """Draw the pictures: yield the number of each."""
        try:
            for number, picture in enumerate(self._pictures):
                self._held[number] = picture
                yield number
        except Exception as error:
            self._failure = error

    def picture(self, number: int) -> Given:
        """Return a picture that has no answer yet."""
        return self._held[number]

    def give_up(self, number: int, reason: Undecodable) -> None:
        """Answer for a picture that it cannot be read."""
        self._unreadable[number] = reason

    def until(self, number: int) -> Iterator[tuple[Given, Undecodable]]:
        """Yield, and let go, the pictures before one that none came of: they cannot be read."""
        while self._answered < number:
            reason = self._unreadable.pop(self._answered)
            yield self.let_go(), reason

    def let_go(self) -> Given:
        """Return the next picture whose answer is there; it is held no longer."""
        self._answered += 1
        return self._held.pop(self._answered - 1)

    def rest(self) -> Iterator[tuple[Given, Undecodable]]:
        """Yield what is behind the last answer; then raise what ended the drawing too early."""
        yield from self.until(self._answered + len(self._held))
        if self._failure is not None:
            raise self._failure
