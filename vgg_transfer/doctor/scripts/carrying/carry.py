"""The recipe that a script is: as its author wrote it, and mended; and what it leaves out."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from vgg_transfer.doctor.scripts.carrying.augmentation import augmentation_of
from vgg_transfer.doctor.scripts.carrying.head import head_of
from vgg_transfer.doctor.scripts.carrying.mending import mended_of
from vgg_transfer.doctor.scripts.carrying.stages import stage_of
from vgg_transfer.doctor.scripts.examine import examine_script
from vgg_transfer.doctor.scripts.keras.applying import steps_before
from vgg_transfer.doctor.scripts.rules.ending import trained
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.networks import Model
from vgg_transfer.doctor.scripts.values.numbers import number
from vgg_transfer.doctor.scripts.values.pictures import IN_WORDS, state_of
from vgg_transfer.errors import RecipeError
from vgg_transfer.recipe import Recipe
from vgg_transfer.recipe.settings import Base
from vgg_transfer.words import printable

# What is wrong in a script and may be as wrong in a recipe.
_CARRIED = (
    *("frozen-noise", "foreign-preprocessing", "high-rate", "low-rate", "keeps-last-weights"),
    *("dying-signal", "small-input", "large-head", "linear-stack", "counted-layers"),
    *("never-unfrozen", "popped-layers", "removed-api", "lost-optimizer"),
)
_PIXELS = {"unit": "rescale", "bgr": "imagenet", "standardized": "standardize"}
_OTHER_PIXELS = {"raw": "go from 0 to 255 as they are", "centred": "have mean 0"}


@dataclass(frozen=True)
class Carried:
    """What became of a script.

    Args:
        written: the recipe as its author wrote it.
        mended: the same with the remedies of what was found; equal where nothing is to be mended.
        left_out: what no recipe says, one phrase for each thing.
    """

    written: Recipe
    mended: Recipe
    left_out: tuple[str, ...]


def recipe_of(story: Story) -> Carried:
    """Return the recipe that does what a script does: of the model that it trains last.

    Args:
        story: what ``read_script`` returns.

    Raises:
        RecipeError: there is no recipe that does, and why.
    """
    fits = [(fitted, compiled) for fitted, compiled in trained(story) if fitted.sure]
    if not fits:
        raise RecipeError(
            f'"{printable(story.source.name)}" has no training of a Keras model that could be '
            "followed, so there is no recipe to write"
        )
    model = fits[-1][0].model
    base = _vgg(story, model)
    mine = [(fitted, compiled) for fitted, compiled in fits if fitted.model is model]
    left_out: list[str] = []
    others = sorted({fitted.line for fitted, _ in fits if fitted.model is not model})
    left_out += [f"the training of line {line}, which is of another model" for line in others]
    try:
        written = _written(story, base, mine, left_out)
        found = examine_script(story)
        mended = mended_of(story, written, base, mine, {one.code for one in found})
        left_out += [
            f"{one.code} ({one.where}): a recipe cannot have this fault"
            for one in found
            if one.severity != "note" and one.code not in _CARRIED
        ]
    except ValueError as error:
        raise RecipeError(
            f'what "{printable(story.source.name)}" trains with is outside of what a recipe may '
            f"say: {error}"
        ) from None
    return Carried(written, mended, tuple(dict.fromkeys(left_out)))


def _vgg(story: Story, model: Model) -> Model:
    base = model.base
    if base is None or model.uncertain or not base.network.startswith("VGG"):
        what = "no network that could be followed" if base is None else base.network
        raise RecipeError(
            f'the model of line {model.line} in "{printable(story.source.name)}" has {what}, and '
            "recipes are of VGG16 and VGG19: there is none to write"
        )
    return base


def _written(
    story: Story, base: Model, fits: list[tuple[Fitted, Compiled]], left_out: list[str]
) -> Recipe:
    fitted, compiled = fits[-1]
    model = fitted.model
    blocks = _blocks(base, model, left_out)
    found: dict[str, Any] = {
        "name": _name(story),
        "description": f"as line {fits[0][0].line} of {story.source.name} trains it",
        "source": story.source.name,
        "base": _base(base, len(blocks), left_out),
        "head": head_of(compiled, left_out),
        "size": _size(base, fits, left_out),
        "batch_size": _batch(fits),
    }
    found["preprocess"] = _preprocess(base, fitted, left_out)
    changes = [augmentation_of(story, one.model, one.data, left_out) for one, _ in fits]
    usual = Counter(changes).most_common(1)[0][0] if len(fits) > 1 else changes[0]
    found["augmentation"] = usual
    stages = []
    for (one, with_it), change in zip(fits, changes, strict=True):
        stage = stage_of(one, with_it, blocks, left_out)
        stages.append(stage if change == usual else stage.changed(augmentation=change))
    found["stage"] = tuple(stages)
    if any(one.settings.get("class_weight") is not None for one, _ in fits):
        found["class_weights"] = "balanced"
        left_out.append("the class weights themselves: balanced ones are taken")
    if model.outputs != 1 or model.branched:
        left_out.append(
            f"the branches of the model of line {model.line}: a recipe has one way through"
        )
    return Recipe(**found)


def _name(story: Story) -> str:
    stem = story.source.name.rpartition("/")[2].partition(".")[0]
    return stem if stem.isprintable() and stem not in ("", "-") else "script"


def _blocks(base: Model, model: Model, left_out: list[str]) -> tuple[str, ...]:
    """Return the blocks of the base that the model goes through."""
    inside = [one for one in model.all_layers if one.owner is base]
    names = [one.name for one in inside if one.has_weights and one.name.startswith("block")]
    blocks = tuple(dict.fromkeys(name.partition("_")[0] for name in names))
    last = blocks[-1] if blocks else "block5"
    whole = [one.name for one in base.layers if one.has_weights and one.name.startswith(f"{last}_")]
    if names and len([name for name in names if name.startswith(f"{last}_")]) < len(whole):
        left_out.append(f"the base ends inside {last}: the block is taken whole")
    return blocks or tuple(f"block{number}" for number in range(1, 6))


def _base(base: Model, blocks: int, left_out: list[str]) -> Base:
    architecture: Literal["vgg16", "vgg19"] = "vgg16" if base.network == "VGG16" else "vgg19"
    if base.weights is None:
        return Base(
            architecture=architecture, weights="none", blocks=blocks, initialisation="glorot"
        )
    if isinstance(base.weights, str) and base.weights != "imagenet":
        return Base(architecture=architecture, weights=base.weights, blocks=blocks)
    if base.weights != "imagenet":
        left_out.append(f"the weights of line {base.line}, which are unknown: ImageNet's are taken")
    return Base(architecture=architecture, blocks=blocks)


def _size(base: Model, fits: list[tuple[Fitted, Compiled]], left_out: list[str]) -> int:
    data = [one.data.pictures.size for one, _ in fits if isinstance(one.data, Batches)]
    inside = (
        one.settings.get("height") for one in fits[-1][0].model.before if one.kind == "Resizing"
    )
    size = base.size or next((one for one in (*inside, *data) if isinstance(one, int)), None)
    if size is None:
        left_out.append("the size of the images, which is unknown: 224 is taken")
    return size or 224


def _batch(fits: list[tuple[Fitted, Compiled]]) -> int:
    for fitted, _ in fits:
        of_data = fitted.data.batch_size if isinstance(fitted.data, Batches) else None
        for given in (of_data, fitted.settings.get("batch_size")):
            size = number(given)
            if size is not None and size >= 1:
                return int(size)
    return 32


def _preprocess(base: Model, fitted: Fitted, left_out: list[str]) -> str:
    steps = steps_before(fitted.model)
    known = False
    if isinstance(fitted.data, Batches):
        steps = (*fitted.data.pictures.steps, *steps)
        known = fitted.data.pictures.known
    state = state_of("raw", steps) if steps or known else "unknown"
    if state in _PIXELS:
        return _PIXELS[state]
    usual = "imagenet" if base.weights is not None else "rescale"
    said = (IN_WORDS | _OTHER_PIXELS).get(state, "are not known")
    left_out.append(f"what is done to the pixels, which {said}: {usual} is taken")
    return usual
