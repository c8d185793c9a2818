"""A patient in, a treatment out: what was found leads to remedies, and they are tried."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from vgg_transfer.doctor.diagnose import Diagnosis, diagnose, subject_of
from vgg_transfer.doctor.images.classes import find_class_faults
from vgg_transfer.doctor.treatment.judging import Measure, Tried, images_for_trials, judge
from vgg_transfer.doctor.treatment.remedies import Remedy, remedies_for
from vgg_transfer.doctor.treatment.trained import Trials, claimed
from vgg_transfer.doctor.treatment.treatment import Treatment
from vgg_transfer.errors import ComparisonError, RecipeError, VggTransferError
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe, choose, to_toml
from vgg_transfer.run import Run
from vgg_transfer.trials.engines import Engine, in_a_clear_session
from vgg_transfer.words import counted, duration, listed
from vgg_transfer.writing import safe_name, whole_file

_USUAL = "exact-first"
_UNCHANGED = "unchanged"


@dataclass(frozen=True)
class _Patient:
    """What is treated: a recipe on images, and the codes of what was found."""

    recipe: Recipe
    images: ImageSet
    codes: frozenset[str]

    @property
    def measure(self) -> Measure:
        return "balanced accuracy" if "imbalance" in self.codes else "accuracy"


def treat(
    target: Any,
    recipe: Recipe | Path | str | None = None,
    minutes: float = 20.0,
    seeds: int = 3,
    folder: Path | str | None = None,
    diagnosis: Diagnosis | None = None,
    listen: Listener = nobody,
    engine: Engine = in_a_clear_session,
) -> Treatment:
    """Try remedies against what is wrong with a recipe on images, and say which of them help.

    Each is trained beside the unchanged recipe, with the same seeds, and judged on the validation
    images, which no training sees: a fifth of the training images is set aside to choose by. Test
    images are not looked at. Gains come with paired intervals, and what is said to help is
    corrected for the number of remedies. The same call again goes on where it was, with that many
    more minutes.

    Args:
        target: a run or its folder, whose images are where they were; or images: whatever
            ``load_images`` takes.
        recipe: of images: what is to be done with them. [default: exact-first]
        minutes: the time for all trainings: no remedy is begun that would most likely not end
            within it. [default: 20]
        seeds: trainings of each recipe: more of them show smaller effects. Choose before you see
            the result, since who looks again and again finds something by chance. [default: 3]
        folder: for the trainings and the recipe file. [default: a folder of its own under runs/
            that is named after recipe and images]
        diagnosis: what was found. [default: it is looked for, without a network]
        listen: is told what happens, as ``events``. [default: nobody]
        engine: runs one training. [default: in this process]

    Raises:
        RecipeError: the target is a recipe alone, or a run and another recipe.
        ComparisonError: there are too few validation images, or too little time for one remedy.
        VggTransferError: the unchanged recipe cannot be trained.
        KeyboardInterrupt: Ctrl-C; what was trained is kept.
    """
    ends = time.perf_counter() + 60 * minutes
    _check(minutes, seeds)
    patient = _patient(target, recipe, diagnosis)
    images = images_for_trials(patient.images)
    remedies = remedies_for(patient.recipe, patient.codes)
    if not remedies:
        raise ComparisonError(
            f"no remedy is known for {patient.recipe.name} against what was found "
            f"({listed(sorted(patient.codes), 9, quoted=False) or 'nothing'}): keep it as it is"
        )
    place = Path(folder) if folder is not None else default_folder(patient.recipe, patient.images)
    for line in _announcement(patient, remedies, images, minutes, seeds):
        listen(Said(line))
    with claimed(place):
        trials = Trials(place, images, engine, listen)
        unchanged, seconds = _unchanged(trials, patient.recipe, seeds, minutes)
        trained, left_out = _trained(trials, remedies, tuple(unchanged), seconds, ends)
        tried = [remedy for remedy in remedies if remedy.name in trained]
        score, found = judge(unchanged, trained, tried, patient.measure, images)
        ranked = tuple(sorted(found, key=lambda one: -one.gain))
        result = _recipe_to_use(patient.recipe, ranked)
        with whole_file(place / "treated.toml") as partial:
            partial.write_text(to_toml(result), encoding="utf-8")
    return Treatment(
        folder=place,
        measure=patient.measure,
        images=len(images.split("test")),
        seeds=seeds,
        unchanged=score,
        tried=ranked,
        left_out=left_out,
        recipe=result,
        recipe_file=place / "treated.toml",
    )


def default_folder(recipe: Recipe, images: ImageSet) -> Path:
    """Return a folder under runs/ that is the same for this recipe and these images only."""
    both = sha256(f"{to_toml(recipe)}\n{images.digest}".encode()).hexdigest()
    return Path("runs") / f"treated-{safe_name(recipe.name)}-{both[:8]}"


def _check(minutes: float, seeds: int) -> None:
    faults = []
    if not 0 < minutes < math.inf:
        faults.append(f"a treatment needs a time of more than 0 minutes, received {minutes:g}")
    if seeds < 1:
        faults.append(f"each recipe needs at least 1 seed, received {seeds}: 3 are a good start")
    if faults:
        raise ComparisonError("\n".join(faults))


def _patient(
    target: Any, recipe: Recipe | Path | str | None, diagnosis: Diagnosis | None
) -> _Patient:
    """Return what is treated; what is found cheaply is found here, unless it is given."""
    subject = subject_of(target)
    if isinstance(subject, Recipe):
        raise RecipeError(
            "a recipe alone cannot be treated, since remedies are trained: give images and "
            "--recipe, or a run"
        )
    if isinstance(subject, Run):
        # Imported here: the room of training loads Keras.
        from vgg_transfer.training.sameness import images_of

        if recipe is not None:
            raise RecipeError("a run has its own recipe: leave --recipe out, or give the images")
        chosen, images = subject.recipe, images_of(subject)
        beside = None
    else:
        chosen, images = choose(recipe or _USUAL), subject
        beside = chosen
    found = diagnosis or diagnose(subject, beside, model=False)
    uneven = find_class_faults(images.counts()["train"])
    codes = frozenset(one.code for one in (*found.findings, *uneven))
    return _Patient(chosen, images, codes)


def _announcement(
    patient: _Patient, remedies: Sequence[Remedy], images: ImageSet, minutes: float, seeds: int
) -> list[str]:
    """Say what is tried, on what it is judged, and what it may cost, before anything is paid."""
    train = counted(len(images.split("train")), "image", ",")
    judges = counted(len(images.split("test")), "image", ",")
    trainings = counted((1 + len(remedies)) * seeds, "training")
    changes = listed((one.change for one in remedies), len(remedies), quoted=False)
    return [
        f"tries beside {patient.recipe.name} as it is: {changes}",
        f"at most {minutes:g} min for {trainings} on {train} ({counted(seeds, 'seed')} each); "
        "remedies for which the time is too short are left out",
        f"judged by {patient.measure} on the {judges} of val, which no training sees; test images "
        "are not looked at",
    ]


def _unchanged(
    trials: Trials, recipe: Recipe, seeds: int, minutes: float
) -> tuple[dict[int, Run | None], float]:
    """Train the unchanged recipe; return its runs by seed, and the seconds of one training.

    Raises:
        ComparisonError: the first says that the time is too short for it and one remedy.
    """
    unchanged = recipe.changed(name=_UNCHANGED)
    began = time.perf_counter()
    runs = {0: trials.train(unchanged, 0)}
    first = runs[0]
    seconds = first.seconds if first is not None else time.perf_counter() - began
    needed = 2 * seeds * seconds
    if needed > 60 * minutes:
        raise ComparisonError(
            f"{minutes:g} min are not enough: a training takes {duration(seconds)}, and to try one "
            f"remedy takes {2 * seeds} of them. Give --minutes {math.ceil(needed / 60)} or more; "
            "what was trained is kept"
        )
    trials.listen(Said(f"a training takes about {duration(seconds, 'rough')}"))
    runs |= {seed: trials.train(unchanged, seed) for seed in range(1, seeds)}
    return runs, seconds


def _trained(
    trials: Trials, remedies: Sequence[Remedy], seeds: Sequence[int], seconds: float, ends: float
) -> tuple[dict[str, dict[int, Run | None]], tuple[str, ...]]:
    """Return the runs of each remedy by seed, and which remedies were not tried, with reasons.

    Args:
        trials: trains them.
        remedies: what is tried while there is time.
        seeds: of the unchanged recipe's trainings.
        seconds: what one of those took.
        ends: when the time is over, on the clock of ``time.perf_counter``.
    """
    trained: dict[str, dict[int, Run | None]] = {}
    left_out = []
    for remedy in remedies:
        if trials.missing(remedy.recipe, seeds) * seconds > ends - time.perf_counter():
            left_out.append(f"{remedy.change}: not tried, the time is over")
            continue
        try:
            trained[remedy.name] = {seed: trials.train(remedy.recipe, seed) for seed in seeds}
        except VggTransferError as error:
            left_out.append(f"{remedy.change}: not tried, {' '.join(str(error).split())}")
    return trained, tuple(left_out)


def _recipe_to_use(recipe: Recipe, ranked: Sequence[Tried]) -> Recipe:
    """Return the recipe of the remedy that helps most, or else the unchanged one."""
    for one in ranked:
        if one.helps:
            return one.remedy.recipe.changed(name=f"{safe_name(recipe.name)}-treated")
    return recipe
