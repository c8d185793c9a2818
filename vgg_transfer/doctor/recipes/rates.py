"""Whether blocks that know something keep it: their rates, and the head above them."""

from collections.abc import Iterator
from pathlib import Path

from vgg_transfer.disk import is_there
from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.case import GRADIENTS_SCALED, RecipeCase
from vgg_transfer.finding import Finding
from vgg_transfer.recipe import Stage
from vgg_transfer.words import listed

# The root mean square of a weight in block4 and block5 of the published weights.
_USUAL_WEIGHT = 0.0085
_FEWEST_STEPS = 20
# 0.01 with momentum 0.9 is what VGG was trained with from scratch (Simonyan and Zisserman, 2015).
_RATE_OF_VGG = 0.01 / (1 - 0.9)

HIGH_RATE = Entry(
    "high-rate",
    "warning",
    "A rate that overwrites pretrained blocks",
    "A few steps at this rate move the weights as far as they are large, so that what ImageNet "
    "taught is gone before anything has taken its place.",
    "The rate of the block in its stage. A step of adam, adamw or rmsprop moves each weight by "
    f"about the rate, and the weights of block4 and block5 are {_USUAL_WEIGHT} large: the line is "
    f"{_FEWEST_STEPS} steps to cross that. For sgd it is more than VGG was trained with from "
    "random weights, 0.01 with momentum 0.9.",
)
COLD_HEAD = Entry(
    "cold-head",
    "note",
    "Pretrained blocks open under a head that has not learnt yet",
    "The first gradients come from a head of random numbers and pull the blocks anywhere; a head "
    "that is trained first (exactly, in seconds) points them the right way.",
    "The recipe alone: the first stage that trains the head opens a pretrained block with it. No "
    "warning, since a rate of 1e-5 with warm-up was seen to survive it.",
)


def high_rate(case: RecipeCase) -> Iterator[Finding]:
    """Find stages that train pretrained blocks at a rate that overwrites them."""
    if case.recipe.base.weights == "none":
        return
    for number, stage in case.learning:
        rates = {
            block: stage.rate * case.recipe.rate_share(stage, block)
            for block in case.opened(stage)
            if not stage.find_rate
        }
        fast = {block: rate for block, rate in rates.items() if rate > _highest(stage)}
        if fast:
            highest = max(fast.values())
            steps = max(1, round(_USUAL_WEIGHT / highest))
            how = f": as far as a weight is large in {steps} step{'s' * (steps > 1)}"
            yield HIGH_RATE.found(
                f"stage {number}",
                f"{listed(fast, quoted=False)} at rate {highest:g} with {stage.optimizer}"
                + (how if stage.optimizer in GRADIENTS_SCALED else ""),
                f"--set stage.{number}.rate={_gentle(stage)}",
            )


def cold_head(case: RecipeCase) -> Iterator[Finding]:
    """Find a first stage that opens pretrained blocks together with the untrained head.

    A run that it begins with brings its head.
    """
    weights = case.recipe.base.weights
    if weights == "none" or is_there(Path(weights) / "run.json"):
        return
    for number, stage in enumerate(case.recipe.stage, start=1):
        opened = case.opened(stage)
        if opened and "head" in stage.train:
            yield COLD_HEAD.found(
                f"stage {number}",
                f"{listed(opened, quoted=False)} and the untrained head begin to learn together",
                'let a stage with train = ["head"] and optimizer = "exact" come before it, as '
                "--recipe exact-first has it",
            )
        if "head" in stage.train:
            return


def _highest(stage: Stage) -> float:
    if stage.optimizer in GRADIENTS_SCALED:
        return _USUAL_WEIGHT / _FEWEST_STEPS
    momentum = 0.9 if stage.momentum is None else stage.momentum
    return _RATE_OF_VGG * (1 - momentum)


def _gentle(stage: Stage) -> str:
    return "3e-5" if stage.optimizer in GRADIENTS_SCALED else "1e-3"
