"""The settings of a recipe and of its base, each within its own bounds."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.averaging import AveragingSetting
from vgg_transfer.recipe.catalogue.augmentation_registry import ByNameToo
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.stage import BASE_BLOCKS, BLOCKS, Stage, Views
from vgg_transfer.recipe.values import Batch, Flag, Size, Value


class Base(Value):
    """The network below the head.

    Args:
        architecture: ``"vgg16"`` or ``"vgg19"``.
        weights: ``"imagenet"``, ``"none"`` (drawn at random as ``initialisation`` says), the path
            of a weights file, or the folder of a run: its whole base, with the ``preprocess`` that
            it was trained with, and what fits of its head. The output layer fits where the
            classes are the same, in any order.
        blocks: how many blocks are kept, from the lowest: 1 to 5.
        batch_norm: with batch norm behind every convolution; no weights are published for that.
        width: factor on all numbers of filters; only 1 has published weights.
        initialisation: how random weights are drawn: ``"he"`` or ``"glorot"``.
    """

    architecture: Literal["vgg16", "vgg19"] = "vgg16"
    weights: str = "imagenet"
    blocks: Annotated[int, Field(ge=1, le=5, strict=True)] = 5
    batch_norm: Flag = False
    width: Annotated[float, Field(gt=0, le=4, strict=True)] = 1.0
    initialisation: Literal["he", "glorot"] = "he"

    @model_validator(mode="after")
    def _published_weights_fit(self) -> "Base":
        if self.weights == "imagenet" and (self.batch_norm or self.width != 1.0):
            raise ValueError(
                "there are no published weights for a base with batch_norm or another width: "
                'set weights = "none"'
            )
        return self

    @property
    def block_names(self) -> tuple[str, ...]:
        """The names of the blocks that are kept, lowest first."""
        return BASE_BLOCKS[: self.blocks]


class Settings(Value):
    """The settings of a recipe, and what follows from them; ``Recipe`` checks that they fit."""

    name: str = "unnamed"
    description: str = ""
    source: str = ""
    size: Size = 224
    resize: Literal["squash", "crop", "pad"] = "squash"
    preprocess: Literal["imagenet", "rescale", "standardize"] = "imagenet"
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    frozen_precision: Literal["auto", "int8", "same"] = "auto"
    batch_size: Batch = 32
    class_weights: Literal["none", "balanced", "effective"] = "none"
    sampling: Literal["all", "balanced"] = "all"
    base: Base = Base()
    head: Head = Head()
    augmentation: ByNameToo = Augmentation()
    views: Views = "auto"
    tta: AveragingSetting = "none"
    until: Literal["end", "worth it"] = "end"
    stage: tuple[Stage, ...]

    def size_of(self, stage: Stage) -> int:
        """Return the side of the images that a stage trains on, in pixels."""
        return stage.size or self.size

    def opened_below(self, number: int) -> tuple[str, ...]:
        """Return the blocks that a stage (from 1) opens below all that earlier ones trained.

        The lowest comes first. The first stage opens none: there is nothing below which to open.
        """
        before = [BLOCKS.index(block) for one in self.stage[: number - 1] for block in one.train]
        return tuple(
            block
            for block in self.stage[number - 1].train
            if before and BLOCKS.index(block) < min(before)
        )

    def rate_share(self, stage: Stage, block: str) -> float:
        """Return the factor on a stage's rate that holds for a block."""
        steps_below_head = 0
        if block != "head":
            steps_below_head = self.base.blocks - BASE_BLOCKS.index(block)
        decayed = stage.block_decay**steps_below_head
        return decayed * (stage.rate_shares.of(block) if stage.rate_shares else 1.0)
