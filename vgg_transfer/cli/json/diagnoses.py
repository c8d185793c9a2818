"""What ``doctor`` prints with ``--json``: findings with their reasons, or all that can be found."""

from dataclasses import dataclass
from pathlib import PurePath

from vgg_transfer.doctor import Diagnosis, Treatment
from vgg_transfer.doctor.catalogue import entry_of
from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.treatment.judging import Measure
from vgg_transfer.evaluation import Interval
from vgg_transfer.finding import Finding


@dataclass(frozen=True)
class Examined(Finding):
    """A finding, why it matters, and what it rests on; both empty where the doctor did not look."""

    why: str = ""
    rests_on: str = ""


@dataclass(frozen=True)
class RemedyTried:
    """A remedy beside the unchanged recipe; ``because`` are codes of findings.

    Shares are from 0 to 1; ``adjusted_p`` is corrected for the number of remedies (Holm).
    """

    name: str
    change: str
    because: tuple[str, ...]
    score: float
    gain: float
    interval: Interval
    adjusted_p: float
    helps: bool
    failed: int
    seconds: float


@dataclass(frozen=True)
class TreatmentAnswer:
    """Remedies that were tried; ``best`` is null where none is shown to help."""

    folder: PurePath
    measure: Measure
    images: int
    seeds: int
    unchanged: float
    tried: tuple[RemedyTried, ...]
    left_out: tuple[str, ...]
    best: str | None
    verdict: str
    recipe_file: PurePath

    @classmethod
    def of(cls, found: Treatment) -> "TreatmentAnswer":
        """Return what there is to tell of a treatment."""
        tried = tuple(
            RemedyTried(
                name=one.remedy.name,
                change=one.remedy.change,
                because=one.remedy.because,
                score=one.score,
                gain=one.gain,
                interval=one.interval,
                adjusted_p=one.adjusted_p,
                helps=one.helps,
                failed=one.failed,
                seconds=one.seconds,
            )
            for one in found.tried
        )
        return cls(
            folder=found.folder,
            measure=found.measure,
            images=found.images,
            seeds=found.seeds,
            unchanged=found.unchanged,
            tried=tried,
            left_out=found.left_out,
            best=found.best.remedy.name if found.best else None,
            verdict=found.verdict,
            recipe_file=found.recipe_file,
        )


@dataclass(frozen=True)
class DoctorAnswer:
    """What is wrong with images, a run, a recipe or a script, the worst first.

    ``fixes`` is the file of them; ``treatment`` is null where nothing was treated. ``recipes`` are
    the files of what a script is, as it was written and mended; ``left_out`` is what they do not
    say of it.
    """

    target: str
    examined: tuple[str, ...]
    findings: tuple[Examined, ...]
    fixes: PurePath | None = None
    treatment: TreatmentAnswer | None = None
    recipes: tuple[PurePath, ...] = ()
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        found: Diagnosis,
        fixes: PurePath | None = None,
        treated: Treatment | None = None,
        recipes: tuple[PurePath, ...] = (),
        left_out: tuple[str, ...] = (),
    ) -> "DoctorAnswer":
        """Return what there is to tell of a diagnosis, and of what was written or tried for it."""
        findings = []
        for one in found.findings:
            entry = entry_of(one.code)
            known = (entry.why, entry.rests_on) if entry else ("", "")
            findings.append(
                Examined(one.code, one.severity, one.where, one.seen, one.remedy, *known)
            )
        treatment = None if treated is None else TreatmentAnswer.of(treated)
        return cls(
            found.target, found.examined, tuple(findings), fixes, treatment, recipes, left_out
        )


@dataclass(frozen=True)
class CatalogueAnswer:
    """All that the doctor can find."""

    entries: tuple[Entry, ...]
