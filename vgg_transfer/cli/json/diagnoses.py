"""What ``doctor`` prints with ``--json``: findings with their reasons, or all that can be found."""

from dataclasses import dataclass
from pathlib import PurePath

from vgg_transfer.doctor import Diagnosis
from vgg_transfer.doctor.catalogue import entry_of
from vgg_transfer.doctor.entry import Entry
from vgg_transfer.finding import Finding


@dataclass(frozen=True)
class Examined(Finding):
    """A finding, why it matters, and what it rests on; both empty where the doctor did not look."""

    why: str = ""
    rests_on: str = ""


@dataclass(frozen=True)
class DoctorAnswer:
    """What is wrong with images, a run or a recipe, the worst first; and the file of fixes."""

    target: str
    examined: tuple[str, ...]
    findings: tuple[Examined, ...]
    fixes: PurePath | None = None

    @classmethod
    def of(cls, found: Diagnosis, fixes: PurePath | None = None) -> "DoctorAnswer":
        """Return what there is to tell of a diagnosis."""
        findings = []
        for one in found.findings:
            entry = entry_of(one.code)
            known = (entry.why, entry.rests_on) if entry else ("", "")
            findings.append(
                Examined(one.code, one.severity, one.where, one.seen, one.remedy, *known)
            )
        return cls(found.target, found.examined, tuple(findings), fixes)


@dataclass(frozen=True)
class CatalogueAnswer:
    """All that the doctor can find."""

    entries: tuple[Entry, ...]
