"""The doctor: images, a recipe, a run or a script in, findings out, the worst first."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vgg_transfer import run as record
from vgg_transfer.disk import is_there
from vgg_transfer.doctor.images import (
    Examined,
    Suspect,
    examine_images,
    fixes_of,
    measure_pictures,
    suspects,
)
from vgg_transfer.doctor.images.likeness import Floats
from vgg_transfer.doctor.images.pixels import pixel_range
from vgg_transfer.doctor.learning import (
    LearningCurve,
    measure_curve,
    more_images_or_more_training,
)
from vgg_transfer.doctor.recipes import RecipeCase, examine_recipe
from vgg_transfer.doctor.recipes.pictures import divided_twice
from vgg_transfer.doctor.runs import examine_model, examine_run
from vgg_transfer.doctor.scripts import Story, examine_script, is_script, open_script
from vgg_transfer.errors import ImageSetError, RecipeError, VggTransferError
from vgg_transfer.events import Listener, nobody
from vgg_transfer.finding import Finding
from vgg_transfer.images import ImageSet, load_images
from vgg_transfer.images.fix_file import Fix
from vgg_transfer.places import cache_folder
from vgg_transfer.recipe import Recipe, choose
from vgg_transfer.run import Run
from vgg_transfer.words import counted, printable

_USUAL = "exact-first"
_NOT_ASKED = "not by a network, as asked"
_ORDER = ("error", "warning", "note")


@dataclass(frozen=True, repr=False)
class Diagnosis:
    """What was found, the worst first.

    Args:
        target: what was examined, in words.
        examined: each part that was looked at, in words.
        findings: errors, then warnings, then notes.
        suspects: of images: the pictures behind the findings, those that would be left out or
            relabelled.
        fixes: of images: what would be left out or relabelled, each picture once, as
            ``load_images`` takes it from a file; None where no images were examined.
    """

    target: str
    examined: tuple[str, ...]
    findings: tuple[Finding, ...]
    suspects: tuple[Suspect, ...] = ()
    fixes: tuple[Fix, ...] | None = None

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


def diagnose(
    target: Any,
    recipe: Recipe | Path | str | None = None,
    model: bool = True,
    listen: Listener = nobody,
    fixes: Path | str | None = None,
) -> Diagnosis:
    """Say what is wrong with images, a recipe, a run or a script, why, and what to do.

    Args:
        target: a run or its folder; a recipe, its name or the path of its TOML file; a script that
            trains with Keras (``.py``), a notebook (``.ipynb``), a text with code (``.md``), or
            ``"-"``, any of them on standard input: they are read, and nothing of them is run; or
            images: whatever ``load_images`` takes.
        recipe: of images: what is to be done with them; it is examined beside them, and says at
            which size they are read. Default: only the images are examined, as the default recipe
            reads them.
        model: whether networks are used, which takes longer: to look into a run's model, and to see
            which pictures of a set are alike, which labels are doubtful and which splits differ.
            Default: True.
        listen: is called with what happens meanwhile. Default: nobody.
        fixes: of images: a CSV of those to leave out or to give another label before anything is
            examined, as ``load_images`` takes it. Default: none.

    Raises:
        RecipeError: it is neither a run folder, nor a recipe, nor images.
        VggTransferError: it is one of them, and cannot be read.
    """
    if isinstance(target, Story):
        return _of_script(target)
    if is_script(target) and fixes is None:
        return _of_script(open_script(target))
    subject = subject_of(target)
    if fixes is not None:
        if not isinstance(subject, ImageSet):
            raise ImageSetError(
                f'"{printable(fixes)}" holds fixes of images, and what is examined is none: give '
                "the images, or leave the fixes out"
            )
        subject = load_images(subject, fixes=fixes)
    if isinstance(subject, Run):
        return _of_run(subject, model, listen)
    if isinstance(subject, ImageSet):
        return _of_images(subject, None if recipe is None else choose(recipe), model, listen)
    found = examine_recipe(RecipeCase(subject))
    return Diagnosis(f'recipe "{printable(subject.name)}"', ("the recipe",), _sorted(found))


def _of_script(story: Story) -> Diagnosis:
    """Examine a script by its text."""
    lines = counted(len("\n".join(story.source.lines).rstrip().split("\n")), "line", ",")
    examined = f"{lines} and {counted(story.trainings, 'training')}, by their text: nothing is run"
    found = _sorted(examine_script(story))
    return Diagnosis(f'script "{printable(story.source.name)}"', (examined,), found)


def subject_of(target: Any) -> Run | Recipe | ImageSet:
    """Return what a target is."""
    if isinstance(target, Run | Recipe | ImageSet):
        return target
    if not isinstance(target, str | Path):
        return load_images(target)
    if is_there(Path(target) / "run.json"):
        return record.read(target)
    is_recipe_file = Path(target).suffix == ".toml"
    if not is_recipe_file and (is_there(Path(target)) or ":" in str(target)):
        return load_images(target)
    try:
        return choose(target)
    except RecipeError as error:
        if is_recipe_file:
            raise
        raise RecipeError(
            f'"{printable(target)}" is neither a run folder (there is no run.json in it), nor '
            f"images, nor a recipe: {error}"
        ) from None


def _of_images(
    image_set: ImageSet, recipe: Recipe | None, model: bool, listen: Listener
) -> Diagnosis:
    """Examine images, and the recipe beside them where one is given."""
    reads = recipe or choose(_USUAL)
    pictures = counted(len(image_set.records), "picture", ",")
    features, looked_at = _features(reads, image_set, listen) if model else (None, _NOT_ASKED)
    examined = Examined(image_set, measure_pictures(image_set.records), features)
    found = [*examine_images(examined, reads.size), *image_set.findings]
    if features is not None and (curve := measure_curve(image_set.records, features)):
        found += more_images_or_more_training(curve, None)
    parts = [f"{pictures}, their files and labels", looked_at]
    pixels = pixel_range(image_set.records)
    if recipe is None:
        found += divided_twice(RecipeCase(reads, pixel_range=pixels))
    else:
        found += examine_recipe(RecipeCase(recipe, image_set.used().counts, pixels))
        parts.append(f"the recipe {printable(recipe.name)} beside their numbers")
    suspected = tuple(suspects(examined))
    return Diagnosis(
        printable(image_set.source),
        tuple(parts),
        _sorted(found),
        suspected,
        fixes_of(image_set, suspected),
    )


def _features(recipe: Recipe, image_set: ImageSet, listen: Listener) -> tuple[Floats | None, str]:
    """Return what a network makes of pictures, and what was looked at, in words."""
    # Keras is loaded here, and only where networks are wanted.
    from vgg_transfer.activations.room import NoRoom
    from vgg_transfer.doctor.images.features import pooled_features

    try:
        features = pooled_features(recipe, image_set, cache_folder(), listen)
    except (NoRoom, VggTransferError) as trouble:
        return None, f"not by a network: {trouble}"
    if features is None:
        return None, "not by a network: this recipe has no trained base"
    return features, f"what the base of the network makes of them at {recipe.size} px"


def _of_run(run: Run, model: bool, listen: Listener) -> Diagnosis:
    """Examine a run, and its recipe beside the images that it was trained on."""
    case = RecipeCase(run.recipe, run.image_set.counts)
    shown, looked_into = _of_model(run) if model else ((), "not the model, as asked")
    curve, learning = _curve_of(run, listen) if model else (None, "no learning curve, as asked")
    learnt = () if curve is None else more_images_or_more_training(curve, run)
    anew = dict.fromkeys((*examine_run(run), *learnt, *shown, *examine_recipe(case)))
    found = [*anew, *_not_among(anew, run.findings)]
    examined = ["the recipe beside the numbers of its images", "the history"]
    if run.judged:
        examined.append(f"{counted(len(run.judged), f'{run.judged_on} image', ',')} and answers")
    examined += [looked_into, learning]
    return Diagnosis(f'run "{printable(run.folder)}"', tuple(examined), _sorted(found))


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


def _curve_of(run: Run, listen: Listener) -> tuple[LearningCurve | None, str]:
    """Return the learning curve of a run's images, and what was looked at, in words."""
    if run.status != "complete" or run.recipe.base.weights == "none":
        return None, "no learning curve: it needs a finished training with a trained base"
    # Keras is loaded here.
    from vgg_transfer.training.sameness import images_of

    whole = images_of(run)
    learnt = replace(whole, records=tuple(one for one in whole.records if one.split != "test"))
    if not learnt.records or not all(is_there(one.path) for one in learnt.records):
        return None, "no learning curve: its images lie no longer where they were"
    features, looked_at = _features(run.recipe, learnt, listen)
    if features is None:
        return None, f"no learning curve: {looked_at}"
    curve = measure_curve(learnt.records, features)
    if curve is None:
        return None, "no learning curve: there are too few images for one, or too many"
    return curve, "a learning curve of what the base of the network makes of its images"


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the worst first; of equals, those of a run before those of its recipe."""
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))


def _not_among(anew: Collection[Finding], kept: Iterable[Finding]) -> Iterator[Finding]:
    """Yield what a run has kept and nobody has found anew, though in other words."""
    known = {(finding.code, finding.where) for finding in anew}
    yield from (one for one in dict.fromkeys(kept) if (one.code, one.where) not in known)
