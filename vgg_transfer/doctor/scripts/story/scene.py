"""What is going on while a script is read: the events so far, and how much more may be read."""

import ast
import time
from collections.abc import Callable
from typing import Any

from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.scope import Function, Scope
from vgg_transfer.doctor.scripts.values.unknown import UNKNOWN, Unknown

_SECONDS = 1.2
_MOST_STEPS = 150_000
_DEEPEST = 24
_MOST_RUNS = 4000
_MOST_AT_A_LINE = 32
_MOST_TRAININGS = 1000
_TRAINING = ("Compiled", "Fitted", "Asked")
# What a loop does again and again; layers that are frozen one by one are told one by one.
_IN_LOOPS = ("Made", "Compiled", "Fitted", "Asked", "Sliced", "Popped", "Used", "Matched", "Loaded")


class Spent(Exception):  # noqa: N818 - what happened, and no fault
    """There was too much to read."""


class Scene:
    """The events, and what reads functions of the script.

    Args:
        run: calls a function of the script with arguments by place and by name.
        apply: calls anything that can be called.
        value: returns what an expression stands for among the names of a scope.
        began: when the script was begun to be read, by the thread's own time, so
            that what else the machine does changes no finding.
    """

    def __init__(
        self,
        run: Callable[["Scene", Function, list[Any], dict[str, Any]], Any],
        apply: Callable[["Scene", Any, Call], Any],
        value: Callable[["Scene", ast.expr | None, Scope], Any],
        began: float,
    ) -> None:
        self.events: list[Any] = []
        self.unread: list[tuple[int, str]] = []
        # Where the reading is: the line, and the script's own statement that led there; how deep in
        # calls, in branches that may not be taken, and in loops whose turns nobody can count.
        self.line = 1
        self.statement = 1
        self.depth = 0
        self.unsure = 0
        self.turns = 0
        self.quiet = 0  # above 0, nothing is told: what is tried is no part of the story
        # What was met: modules of `import *`, unknown things by what tells them from others, which
        # functions yield, and the columns of each unknown table.
        self.stars: list[str] = []
        self.loose: dict[Any, Any] = {}
        self.yields: dict[int, bool] = {}
        self.columns: dict[Unknown, list[Any]] = {}
        self._grown: dict[int, list[Any]] = {}
        self._run = run
        self._apply = apply
        self._value = value
        self._steps = 0
        self._trainings = 0
        self._runs = 0
        self._told: dict[tuple[str, int | str], int] = {}
        self._until = began + _SECONDS

    def tell(self, event: Any) -> None:
        """Add an event to the story."""
        kind = type(event).__name__
        # Of what is only named the first place is enough.
        place = (kind, event.what if kind == "Used" else event.line)
        self._told[place] = self._told.get(place, 0) + 1
        most = 1 if kind == "Used" else _MOST_AT_A_LINE
        many = kind in _IN_LOOPS and self._told[place] > most
        if kind in _TRAINING:
            self._trainings += 1
            many = many or self._trainings > _MOST_TRAININGS
            if self._trainings == _MOST_TRAININGS + 1:
                self.unread.append((event.line, "trainings from here on are too many to look at"))
        if not self.quiet and not many:
            self.events.append(event)

    def step(self) -> None:
        """Count a step.

        Raises:
            Spent: there were too many.
        """
        self._steps += 1
        late = self._steps % 256 == 0 and time.thread_time() > self._until
        if self._steps > _MOST_STEPS or late:
            raise Spent

    def grows(self, values: list[Any], always: bool = False) -> None:
        """Note that nobody knows how many values there are in a list.

        Args:
            values: to which something was added.
            always: whether that is so outside of a loop too whose turns nobody can count.
                Default: it is not.
        """
        if self.turns or always:
            self._grown[id(values)] = values

    def has_grown(self, values: Any) -> bool:
        """Return whether nobody knows how many values there are in a list."""
        return id(values) in self._grown

    def run(self, function: Any, given: list[Any], named: dict[str, Any] | None = None) -> Any:
        """Return what a function of the script makes of arguments; unknown where it is too deep."""
        self._runs += 1
        if self._runs == _MOST_RUNS + 1:
            self.unread.append((self.line, "calls from here on are too many to follow"))
        too_far = self.depth >= _DEEPEST or self._runs > _MOST_RUNS
        if too_far or not isinstance(function, Function):
            return UNKNOWN
        self.depth += 1
        try:
            return self._run(self, function, given, named or {})
        finally:
            self.depth -= 1

    def value(self, node: ast.expr | None, scope: Scope) -> Any:
        """Return what an expression stands for."""
        return self._value(self, node, scope)

    def call(self, function: Any, *given: Any) -> Any:
        """Return what anything gives that is called with arguments by place."""
        if isinstance(function, Function):
            return self.run(function, list(given))
        return self._apply(self, function, Call("", self.line, given))
