"""What fastai does with a pretrained VGG16 unless it is told otherwise, to be compared with."""

from typing import Any

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.recipe import Recipe
from vgg_transfer.recipe.stage import BLOCKS, OneCyclePlan, RateShares, Stage

# ``_vgg_split`` makes three groups, between which rates rise by equal factors, here from a
# hundredth of the rate to the rate: blocks 1 to 3, blocks 4 and 5, and the head.
_SHARES = RateShares(block1=0.01, block2=0.01, block3=0.01, block4=0.1, block5=0.1)

# ``aug_transforms()``. Its max_lighting of 0.2 makes middle grey lighter or darker by a tenth.
_CHANGES = Augmentation(
    flip="horizontal", rotation=10.0, zoom=0.1, fill="reflect", brightness=0.1, contrast=0.2
)


def fastai_finetune(epochs: int = 5, **changes: Any) -> Recipe:
    """Train as fastai's ``fine_tune``: one epoch for the head, then all blocks, one cycle each.

    Command: ``vgg-transfer train DATA --recipe fastai-finetune``

    What ``vision_learner(dls, vgg16_bn).fine_tune(epochs)`` of fastai 2 does by default, with
    ``Resize(224)`` and ``aug_transforms()``: blocks 1 to 3 at a hundredth of the head's rate, 4 and
    5 at a tenth. What differs: the base has no batch norm (no such weights are published for
    Keras); in the head batch norm and dropout stand behind the hidden layer alone; Adam's moments
    are 0.9 and 0.999, not 0.95 to 0.85 and 0.99; images are cropped in the middle; perspective is
    not warped, zoom goes both ways, and every image is changed, not three of four. There is no
    published number for VGG16. Expect a good result from hundreds of images; every epoch but the
    first costs as much as one of ``full``. ``--epochs 1,10`` gives it ten of them.

    Args:
        epochs: those in which all blocks train, behind the frozen one. [default: 5]
        changes: settings, as ``recipe.changed`` takes them.
    """
    recipe = Recipe(
        name="fastai-finetune",
        description="as fastai's fine_tune: one epoch for the head, then all blocks, by one cycle",
        source="Learner.fine_tune of fastai 2",
        resize="crop",
        batch_size=64,
        head=Head(
            pooling="both",
            dense=(512,),
            dropout=0.5,
            batch_norm=True,
            norm_momentum=0.9,
            output="softmax",
        ),
        augmentation=_CHANGES,
        views="fresh",
        stage=(
            _one_cycle(("head",), 2e-3, OneCyclePlan(rise=0.99)),
            _one_cycle(BLOCKS, 1e-3, OneCyclePlan(rise=0.3, start=0.2)).changed(
                rate_shares=_SHARES
            ),
        ),
    )
    return recipe.changed(stage_2={"epochs": epochs}).changed(**changes)


def _one_cycle(train: tuple[str, ...], rate: float, plan: OneCyclePlan) -> Stage:
    """Return a stage of one epoch as ``fit_one_cycle`` has it, with fastai's Adam."""
    return Stage(
        train=train,
        epochs=1,
        optimizer="adamw",
        rate=rate,
        weight_decay=0.01,
        epsilon=1e-5,
        plan=plan,
        keep="last",
    )
