"""The story of a script: what it does, in order."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vgg_transfer.doctor.scripts.source import Source
from vgg_transfer.doctor.scripts.story.models import Fitted


@dataclass(frozen=True, eq=False)
class Story:
    """What a script does.

    Args:
        source: its text.
        events: what happens, in order.
        unread: what could not be followed: the line, and what.
    """

    source: Source
    events: tuple[Any, ...]
    unread: tuple[tuple[int, str], ...] = ()

    @cached_property
    def _kinds(self) -> dict[type, list[Any]]:
        found: dict[type, list[Any]] = {}
        for event in self.events:
            found.setdefault(type(event), []).append(event)
        return found

    @cached_property
    def _places(self) -> dict[int, int]:
        return {id(event): number for number, event in enumerate(self.events)}

    def all(self, kind: type) -> list[Any]:
        """Return the events of a kind."""
        return self._kinds.get(kind, [])

    def between(self, first: Any, last: Any = None) -> tuple[Any, ...]:
        """Return the events from one on, until another or to the end."""
        end = len(self.events) if last is None else self._places[id(last)]
        begin = self._places.get(id(first), end)  # of a loop not all is told
        return self.events[begin:end]

    def before(self, event: Any) -> tuple[Any, ...]:
        """Return the events before one."""
        return self.events[: self._places[id(event)]]

    @property
    def trainings(self) -> int:
        """How many trainings there are, at lines of their own."""
        return len({one.line for one in self.all(Fitted)})
