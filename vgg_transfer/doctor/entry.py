"""What the doctor knows of a problem, whoever has it: an entry of the catalogue."""

from dataclasses import dataclass

from vgg_transfer.finding import Finding, Severity


@dataclass(frozen=True)
class Entry:
    """A problem that the doctor can find.

    Args:
        code: names it for programs, as in a finding.
        severity: how bad it is, as in a finding.
        what: what is wrong, in a phrase: the heading in the catalogue.
        why: why it matters, in one sentence for somebody who has trained three networks.
        rests_on: what is measured, and where the line is drawn.
    """

    code: str
    severity: Severity
    what: str
    why: str
    rests_on: str

    def found(self, where: str, seen: str, remedy: str = "") -> Finding:
        """Return a finding of this problem.

        Args:
            where: what it was seen in: ``recipe``, ``images``, ``stage 2``.
            seen: what was seen, with its numbers, and an interval where it is a statistic.
            remedy: what to do, as a change of the recipe or a command.
        """
        return Finding(self.code, self.severity, where, seen, remedy)
