"""The doctor: a run or a recipe in, findings out, the worst first."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vgg_transfer import run as record
from vgg_transfer.disk import is_there
from vgg_transfer.doctor.recipes import RecipeCase, examine_recipe
from vgg_transfer.doctor.runs import examine_model, examine_run
from vgg_transfer.errors import RecipeError, VggTransferError
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Run
from vgg_transfer.words import counted, printable

_ORDER = ("error", "warning", "note")


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What was found, the worst first.

    Args:
        target: what was examined, in words.
        examined: each part that was looked at, in words.
        findings: errors, then warnings, then notes.
    """

    target: str
    examined: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def in_words(self) -> str:
        """How many findings of each severity there are."""
        severities = [finding.severity for finding in self.findings]
        said = [counted(severities.count(one), one) for one in _ORDER if one in severities]
        return ", ".join(said) or "nothing was found"

    def __repr__(self) -> str:
        """What was examined, and one line for each finding."""
        lines = [f"{one.severity} {one.code} ({one.where}): {one.seen}" for one in self.findings]
        return "\n".join([f"{self.target}: {self.in_words}", *map(printable, lines)])


def diagnose(target: Run | Recipe | Path | str, model: bool = True) -> Diagnosis:
    """Say what is wrong with a run or a recipe, why, and what to do.

    Args:
        target: a run, its folder, a recipe, its name or the path of its TOML file.
        model: whether the model of a run is looked into beside its record, which takes some
            seconds. Default: True.

    Raises:
        RecipeError: it is neither a run folder nor a recipe.
        RunError: it is a run folder that cannot be read.
    """
    subject = _subject(target)
    if isinstance(subject, Run):
        return _of_run(subject, model)
    found = examine_recipe(RecipeCase(subject))
    return Diagnosis(f'recipe "{printable(subject.name)}"', ("the recipe",), _sorted(found))


def _subject(target: Run | Recipe | Path | str) -> Run | Recipe:
    """Return what a target is."""
    if isinstance(target, Run | Recipe):
        return target
    if is_there(Path(target) / "run.json"):
        return record.read(target)
    try:
        return choose(target)
    except RecipeError as error:
        if Path(target).suffix == ".toml":
            raise
        raise RecipeError(
            f'"{printable(target)}" is neither a run folder (there is no run.json in it) nor a '
            f"recipe: {error}"
        ) from None


def _of_run(run: Run, model: bool) -> Diagnosis:
    """Examine a run, and its recipe beside the images that it was trained on."""
    case = RecipeCase(run.recipe, run.image_set.counts)
    shown, looked_into = _of_model(run) if model else ((), "not the model, as asked")
    found = _once((*examine_run(run), *shown, *examine_recipe(case), *run.findings))
    examined = ["the recipe beside the numbers of its images", "the history"]
    if run.judged:
        examined.append(f"{counted(len(run.judged), f'{run.judged_on} image', ',')} and answers")
    return Diagnosis(f'run "{printable(run.folder)}"', (*examined, looked_into), _sorted(found))


def _of_model(run: Run) -> tuple[tuple[Finding, ...], str]:
    """Look into the model; return what it shows, and what was looked at, in words."""
    if not is_there(run.model_file):
        return (), "not the model: there is none"
    # Keras is loaded here, and only for a run that has a model.
    from vgg_transfer.doctor.runs.insides import look_inside

    try:
        inside = look_inside(run)
    except VggTransferError as error:
        return (), f"not the model: {error}"
    images = counted(inside.images, "training image")
    return examine_model(run, inside), f"the model, beside what it began with and on {images}"


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the worst first; of equals, those of a run before those of its recipe."""
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))


def _once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Return each finding once: a run has kept what its recipe says of itself."""
    return dict.fromkeys(findings)
