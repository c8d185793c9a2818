"""A recipe with the remedies of what was found in its script."""

from typing import Any

from vgg_transfer.doctor.scripts.carrying.augmentation import augmentation_of_generator
from vgg_transfer.doctor.scripts.rules.rates import HIGHEST_PRETRAINED
from vgg_transfer.doctor.scripts.story.layers import Made, Popped
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches, Generator
from vgg_transfer.doctor.scripts.values.networks import Model
from vgg_transfer.recipe import Augmentation, Recipe, Stage
from vgg_transfer.recipe.settings import Base
from vgg_transfer.recipe.stage import BLOCKS

_SCALED = ("adam", "adamw", "rmsprop")
_FROM_NOTHING = 1e-4


def mended_of(
    story: Story,
    written: Recipe,
    base: Model,
    fits: list[tuple[Fitted, Compiled]],
    codes: set[str],
) -> Recipe:
    """Return a recipe that does what the script was meant to do; ``codes`` are what was found."""
    changes: dict[str, Any] = {}
    if "frozen-noise" in codes and written.base.weights == "none" and _frozen(written):
        changes["base"] = Base(architecture=written.base.architecture, blocks=written.base.blocks)
    new_base = changes.get("base", written.base)
    popped = sum(one.model is base for one in story.all(Popped))
    if popped:
        changes["base"] = new_base = new_base.changed(blocks=_left(base, popped))
    if new_base.weights == "imagenet" and written.preprocess != "imagenet":
        changes["preprocess"] = "imagenet"
    unused = _unused_generator(story, fits)
    if unused is not None:
        changes["augmentation"] = unused
    stages = [
        _stage(number, stage, new_base, fits[number], codes)
        for number, stage in enumerate(written.stage)
    ]
    mended = written.changed(stage=tuple(stages), **changes)
    if mended == written:
        return written
    return mended.changed(
        name=f"{written.name}-mended", description=f"{written.description}, mended"
    )


def _unused_generator(story: Story, fits: list[tuple[Fitted, Compiled]]) -> Augmentation | None:
    """Return the random changes of a generator that was made, and that nothing comes from."""
    used = {one.data.maker for one in story.all(Fitted) if isinstance(one.data, Batches)}
    before = story.before(fits[-1][0])
    made = [one.what for one in before if isinstance(one, Made) and isinstance(one.what, Generator)]
    idle = [one for one in made if one.augmented and one.line not in used]
    return augmentation_of_generator(idle[-1], []) if idle else None


def _frozen(recipe: Recipe) -> bool:
    return not any(block != "head" for stage in recipe.stage for block in stage.train)


def _left(base: Model, popped: int) -> int:
    """Return how many blocks are left where so many layers are really taken away."""
    names = [one.name for one in base.layers[: len(base.layers) - popped] if one.has_weights]
    whole = [one.name for one in base.layers if one.has_weights]
    blocks = 0
    for number in range(1, 6):
        of = [name for name in whole if name.startswith(f"block{number}_")]
        blocks += all(name in names for name in of)
    return max(1, blocks)


def _stage(
    number: int, stage: Stage, base: Base, fit: tuple[Fitted, Compiled], codes: set[str]
) -> Stage:
    fitted, _ = fit
    train = [name for name in stage.train if name == "head" or name in base.block_names]
    late = "trainable-after-compile" in codes
    if late:
        learning = {
            one.name.partition("_")[0]
            for one, value in fitted.trains.items()
            if value is True and one.owner is not None
        }
        train = [
            name for name in BLOCKS if name == "head" or name in learning & set(base.block_names)
        ]
    idle = codes & {"counted-layers", "never-unfrozen"} and train == ["head"]
    if number > 0 and idle and base.weights == "imagenet":
        train = ["head", base.block_names[-1]]
    found: dict[str, Any] = {"train": tuple(one for one in BLOCKS if one in train), "keep": "best"}
    opened = [name for name in train if name != "head"]
    scaled = stage.optimizer in _SCALED
    if opened and scaled and base.weights == "imagenet" and stage.rate > HIGHEST_PRETRAINED:
        found["rate"] = 1e-5
    if len(opened) > 3 and scaled and base.weights == "none" and stage.rate > 9e-4:
        found["rate"] = _FROM_NOTHING
    return stage.changed(**found)
