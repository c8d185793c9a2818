"""Whether the network fits its input, and random weights can be trained."""

from collections.abc import Iterator

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import RecipeCase
from vgg_transfer.finding import Finding
from vgg_transfer.words import counted

_PER_BLOCK = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
_SMALLEST_MAP = 3
_MOST_HALVINGS = 6
_MANY_IMAGES = 10_000

SMALL_INPUT = Entry(
    "small-input",
    "warning",
    "Images too small for the blocks that are kept",
    "Where a block sees a map of 2 x 2 pixels or less, most of what its filters touch is padding, "
    "so that the highest block says little and the one below it would say more.",
    "The side of the last block's map: the size halved by each block below. On 2 x 2 pixels 56% of "
    "what a filter of 3 x 3 reads is padding, on 3 x 3 it is 40%, at 224 px 9%: the line is a "
    "half. Only of published weights, since others are trained at the size they are used at.",
)
DYING_SIGNAL = Entry(
    "dying-signal",
    "warning",
    "Random weights through which a signal dies away",
    "Each ReLU throws away half of the variance, and neither He's initialisation nor batch norm "
    "makes up for it here, so that the highest block answers nearly the same to every picture.",
    "The recipe alone: Glorot's initialisation without batch norm leaves 1/2 of the variance "
    f"behind each convolution; more than {_MOST_HALVINGS} of them leave less than a hundredth (He "
    "et al., 2015).",
)
FEW_FROM_SCRATCH = Entry(
    "few-from-scratch",
    "warning",
    "Random weights and few images",
    "Millions of weights have to be found from nothing, which takes tens of thousands of images; "
    "with fewer the network learns them by heart.",
    f"Training images below {_MANY_IMAGES:,} where blocks that start at random train. In our "
    "benchmarks 4,000 images from scratch reach less than a head on frozen ImageNet blocks with "
    "1,200.",
)


def small_input(case: RecipeCase) -> Iterator[Finding]:
    """Find stages whose images leave the last block a map that is mostly padding."""
    recipe = case.recipe
    if recipe.base.weights == "none":
        return
    sizes = {recipe.size: "recipe"}
    sizes |= {stage.size: f"stage {n}" for n, stage in enumerate(recipe.stage, 1) if stage.size}
    for size, where in sizes.items():
        side = size // 2 ** (recipe.base.blocks - 1)
        if side < _SMALLEST_MAP:
            enough = _SMALLEST_MAP * 2 ** (recipe.base.blocks - 1)
            yield SMALL_INPUT.found(
                where,
                f"at {size} px, {recipe.base.block_names[-1]} sees maps of {side} x {side} pixels",
                f"enlarge the images, --set size={2 * enough} (at least {enough}), or keep fewer "
                f"blocks, --set base.blocks={recipe.base.blocks - 1}",
            )


def dying_signal(case: RecipeCase) -> Iterator[Finding]:
    """Find random weights that let the signal die away."""
    base = case.recipe.base
    layers = sum(_PER_BLOCK[base.architecture][: base.blocks])
    random = base.weights == "none" and base.initialisation == "glorot" and not base.batch_norm
    if random and _trains_base(case) and layers > _MOST_HALVINGS:
        yield DYING_SIGNAL.found(
            "recipe",
            f'{layers} convolutions with initialisation = "glorot" and no batch norm leave about '
            f"1/{2**layers:,} of a picture's variance",
            "--set base.initialisation=he --set base.batch_norm=true",
        )


def few_from_scratch(case: RecipeCase) -> Iterator[Finding]:
    """Find a base that is trained from random weights on few images."""
    images = case.images("train")
    random = case.recipe.base.weights == "none" and _trains_base(case)
    if random and images is not None and images < _MANY_IMAGES:
        yield FEW_FROM_SCRATCH.found(
            "recipe",
            f"blocks that start at random train on {counted(images, 'image', ',')}",
            "start from published weights: --recipe exact-first, or --set base.weights=imagenet "
            "--set base.batch_norm=false --set preprocess=imagenet",
        )


def _trains_base(case: RecipeCase) -> bool:
    return any(case.opened(stage) for stage in case.recipe.stage)
