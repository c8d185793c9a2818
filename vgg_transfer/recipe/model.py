"""The recipe: everything that decides a training, as one frozen value."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.stage import BASE_BLOCKS, Stage, Views
from vgg_transfer.recipe.values import Count, Flag, Value


class Base(Value):
    """The network below the head.

    ``weights`` is ``"imagenet"``, ``"none"`` (drawn at random as ``initialisation`` says) or the
    path of a weights file. ``blocks`` keeps the first blocks only. ``batch_norm`` and ``width``
    (a factor on all filter counts) make a base of our own with the same block names, which has
    no published weights.
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


class Recipe(Value):
    """Same recipe, same image set, same seed: same weights.

    ``views`` says how a stage with frozen blocks sees its images: ``"plain"``, unchanged and
    computed once; a number of augmented renderings of every image, each computed once; ``"fresh"``,
    new augmentation in every epoch and nothing stored; ``"auto"`` decides by an estimate of cost.
    Where nothing can be stored (no room, ``--no-cache``), views are fresh and mixup mixes pixels
    instead of activations; plain images give the same result either way.
    """

    name: str = "unnamed"
    description: str = ""
    source: str = ""
    size: Annotated[int, Field(ge=8, le=2048, strict=True)] = 224
    resize: Literal["squash", "crop", "pad"] = "squash"
    preprocess: Literal["imagenet", "rescale"] = "imagenet"
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    batch_size: Count = 32
    class_weights: Literal["none", "balanced"] = "none"
    base: Base = Base()
    head: Head = Head()
    augmentation: Augmentation = Augmentation()
    views: Views = "auto"
    stage: tuple[Stage, ...]

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Recipe":
        faults = [] if self.stage else ["stage: a recipe needs at least one"]
        for number, stage in enumerate(self.stage, start=1):
            missing = [b for b in stage.train if b != "head" and b not in self.base.block_names]
            if missing:
                faults.append(
                    f"stage {number} trains {', '.join(missing)}, but base.blocks = "
                    f"{self.base.blocks} keeps {', '.join(self.base.block_names)}"
                )
            if stage.optimizer == "exact" and (self.head.dense or self.head.batch_norm):
                faults.append(
                    f'stage {number}: optimizer = "exact" solves a head without hidden layers: '
                    "set head.dense = [] and head.batch_norm = false"
                )
        mixing = [s.augmentation or self.augmentation for s in self.stage]
        if self.class_weights != "none" and any(a.mixup or a.cutmix for a in mixing):
            faults.append(
                "class_weights cannot be combined with mixup or cutmix, whose images have no "
                "single class: leave one of them out"
            )
        smallest = 2**self.base.blocks
        if self.size < smallest:
            faults.append(
                f"size = {self.size} is too small for {self.base.blocks} blocks, each of which "
                f"halves the image: use at least {smallest}"
            )
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def rate_share(self, stage: Stage, block: str) -> float:
        """Return the factor on a stage's rate that holds for a block."""
        steps_below_head = 0
        if block != "head":
            steps_below_head = self.base.blocks - BASE_BLOCKS.index(block)
        return stage.block_decay**steps_below_head

    @property
    def cautions(self) -> tuple[str, ...]:
        """What a reader should know before training: things that are allowed and rarely meant."""
        trained = {block for stage in self.stage for block in stage.train}
        frozen = [block for block in self.base.block_names if block not in trained]
        found = []
        if self.base.weights == "none" and frozen:
            found.append(
                f"{', '.join(frozen)} start at random and never train: the head learns from frozen "
                'noise; use base.weights = "imagenet" or train these blocks'
            )
        if self.base.weights == "imagenet" and self.preprocess != "imagenet":
            found.append(
                f'preprocess = "{self.preprocess}" is not what the ImageNet weights were trained '
                'with; use "imagenet"'
            )
        return tuple(found)
