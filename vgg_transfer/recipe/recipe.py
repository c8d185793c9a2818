"""The recipe: everything that decides a training, as one frozen value."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vgg_transfer.recipe.augmentation import Augmentation
from vgg_transfer.recipe.head import Head
from vgg_transfer.recipe.stage import BASE_BLOCKS, BLOCKS, Stage, Views
from vgg_transfer.recipe.values import Count, Flag, Size, Value


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

    ``preprocess`` is ``"imagenet"`` (what the published weights were trained with), ``"rescale"``
    (pixels / 255) or ``"standardize"``: each channel less its mean over the training images,
    divided by its standard deviation.

    Two ways to make up for uneven classes: ``class_weights`` multiplies the loss of each image
    (``"balanced"``, by how rare its class is; ``"effective"``, more gently, by the effective number
    of images); ``sampling = "balanced"`` draws every class equally often in an epoch, which keeps
    its number of images: rare ones come several times, of common classes some are left out.

    ``until = "worth it"`` ends the training before a stage that opens a lower block than all stages
    before it, where a probe expects too little of it on the validation images.
    """

    name: str = "unnamed"
    description: str = ""
    source: str = ""
    size: Size = 224
    resize: Literal["squash", "crop", "pad"] = "squash"
    preprocess: Literal["imagenet", "rescale", "standardize"] = "imagenet"
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    batch_size: Count = 32
    class_weights: Literal["none", "balanced", "effective"] = "none"
    sampling: Literal["all", "balanced"] = "all"
    base: Base = Base()
    head: Head = Head()
    augmentation: Augmentation = Augmentation()
    views: Views = "auto"
    until: Literal["end", "worth it"] = "end"
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
            if stage.optimizer == "exact":
                faults += [f"stage {number}: {fault}" for fault in self._not_exact()]
        mixing = [s.augmentation or self.augmentation for s in self.stage]
        if self.class_weights != "none" and any(a.mixup or a.cutmix for a in mixing):
            faults.append(
                "class_weights cannot be combined with mixup or cutmix, whose images have no "
                "single class: leave one of them out"
            )
        if self.until == "worth it" and not any(
            self.opened_below(number) for number in range(1, len(self.stage) + 1)
        ):
            faults.append(
                'until = "worth it" has no effect: no stage opens a lower block than the stages '
                'before it. Leave it out, or add such a stage, as the recipe "staged" has them'
            )
        faults += self._size_faults()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _not_exact(self) -> list[str]:
        """Return what the exact solution of the head would ignore."""
        faults = []
        if self.head.loss != "crossentropy":
            faults.append(
                f'optimizer = "exact" solves cross-entropy, not head.loss = "{self.head.loss}": '
                'set head.loss = "crossentropy"'
            )
        if self.sampling != "all":
            faults.append(
                f'optimizer = "exact" looks at every image once, so sampling = "{self.sampling}" '
                'has no effect: set sampling = "all" and class_weights = "balanced"'
            )
        return faults

    def _size_faults(self) -> list[str]:
        smallest = 2**self.base.blocks
        sizes = {"size": self.size} | {
            f"stage.{number}.size": stage.size
            for number, stage in enumerate(self.stage, start=1)
            if stage.size
        }
        faults = [
            f"{name} = {size} is too small for {self.base.blocks} blocks, each of which halves "
            f"the image: use at least {smallest}"
            for name, size in sizes.items()
            if size < smallest
        ]
        others = [name for name, size in sizes.items() if size != self.size]
        if others and self.head.pooling == "flatten":
            faults.append(
                f'head.pooling = "flatten" fits one image size only, but {", ".join(others)} '
                f'differs from size = {self.size}: pool the head ("average"), or leave it out'
            )
        return faults

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
        if self.sampling == "balanced" and self.class_weights != "none":
            found.append(
                f'sampling = "balanced" and class_weights = "{self.class_weights}" both make up '
                "for uneven classes: together the rare ones count for more than the common ones; "
                "leave one of them out"
            )
        last = self.size_of(self.stage[-1])
        if last != self.size:
            found.append(
                f"the last stage trains at {last} px, but the model is judged and used at "
                f"size = {self.size} px: let the last stage train at that size"
            )
        return tuple(found)
