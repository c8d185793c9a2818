"""Whether the head fits the images: how many weights it has for them, and its output."""

from collections.abc import Iterator
from itertools import pairwise

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Recipe, Stage
from vgg_transfer.words import counted

_CHANNELS = (64, 128, 256, 512, 512)

LARGE_HEAD = Entry(
    "large-head",
    "warning",
    "A head that can learn the images by heart, and nothing that hinders it",
    "With so many free weights the head needs no rule that holds for other pictures: it remembers "
    "each training image instead.",
    "The weights of a head with hidden layers or a flattened input against 2n + d, with which a "
    "network fits any labels of n images with d features (Zhang et al., 2017). Not where dropout, "
    "L1, L2, weight decay or augmentation hold it back, nor for an exact head, whose penalty is "
    "chosen on images that it has not seen.",
)
WRONG_OUTPUT = Entry(
    "wrong-output",
    "error",
    "An output for two classes, and other than two",
    "A single sigmoid unit answers yes or no; a third class has no answer.",
    'head.output = "sigmoid" against the number of classes.',
)


def large_head(case: RecipeCase) -> Iterator[Finding]:
    """Find a head that can fit any labels, trained without anything that holds it back."""
    images, names, recipe = case.images("train"), case.class_names, case.recipe
    if not images or not names or not (recipe.head.dense or recipe.head.pooling == "flatten"):
        return
    features = _features(recipe)
    widths = (features, *recipe.head.dense, len(names))
    weights = sum(inputs * outputs for inputs, outputs in pairwise(widths))
    free = [
        number
        for number, stage in case.learning
        if "head" in stage.train and not _held(case, recipe, stage)
    ]
    if free and weights > 2 * images + features:
        pooled = "average" if recipe.head.pooling == "flatten" else recipe.head.pooling
        yield LARGE_HEAD.found(
            f"stage {free[0]}",
            f"the head has {weights:,} weights for {counted(images, 'training image', ',')}, "
            f"{weights / images:,.0f} for each, and no dropout, penalty or augmentation",
            f"--set head.pooling={pooled} --set head.dense=[] --set head.dropout=0.5, or "
            "--recipe exact-first",
        )


def wrong_output(case: RecipeCase) -> Iterator[Finding]:
    """Find a single sigmoid unit for other than two classes."""
    names = case.class_names
    if names and len(names) != 2 and case.recipe.head.output == "sigmoid":
        yield WRONG_OUTPUT.found(
            "recipe",
            f'head.output = "sigmoid" and {counted(len(names), "class")}',
            "--set head.output=auto",
        )


def _features(recipe: Recipe) -> int:
    """Return how many numbers of an image the head reads."""
    read = recipe.head.blocks or (recipe.base.block_names[-1],)
    channels = [max(1, round(_CHANNELS[int(name[-1]) - 1] * recipe.base.width)) for name in read]
    if recipe.head.pooling == "flatten":
        return channels[-1] * int(recipe.size // 2**recipe.base.blocks) ** 2
    return sum(channels) * (2 if recipe.head.pooling == "both" else 1)


def _held(case: RecipeCase, recipe: Recipe, stage: Stage) -> bool:
    """Return whether something keeps a stage's head from learning images by heart."""
    dropout = recipe.head.dropout if stage.dropout is None else stage.dropout
    decay = 0.0 if stage.weight_decay is None else stage.weight_decay
    held = (dropout, recipe.head.l1, recipe.head.l2, decay, stage.pull)
    augmentation = case.augmentation(stage)
    mixes = augmentation.mixup or augmentation.cutmix
    decays = stage.optimizer == "adamw" and stage.weight_decay is None
    return any(held) or bool(mixes) or decays or not augmentation.changes_nothing
