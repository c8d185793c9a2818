"""A finding: one thing that somebody should know about images, a recipe or a run."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that was seen, and what to do about it.

    Args:
        code: names the kind of finding for programs: ``frozen-noise``. Never changes its meaning.
        severity: ``error`` (the result cannot be right), ``warning`` (it is likely worse than it
            could be), or ``note`` (good to know).
        where: what it was seen in: ``recipe``, ``images``, ``stage 2``.
        seen: what was seen, in a phrase or a sentence, with its numbers.
        remedy: what to do, as a change of the recipe or a command; empty where nothing is needed.
    """

    code: str
    severity: Severity
    where: str
    seen: str
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """What was seen and what to do, as a person reads it."""
        return f"{self.seen}: {self.remedy}" if self.remedy else self.seen
