"""A stage: one part of a training, with its own blocks, rate, plan and patience."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from vgg_transfer.errors import did_you_mean
from vgg_transfer.recipe.catalogue.augmentation_registry import ByNameToo
from vgg_transfer.recipe.values import Amount, Batch, Count, Flag, Rate, Share, Size, Value

BASE_BLOCKS = ("block1", "block2", "block3", "block4", "block5")
BLOCKS = (*BASE_BLOCKS, "head")


def _views(value: object) -> object:
    """Check how a stage sees augmented images: see ``Recipe``."""
    if value in ("auto", "plain", "fresh"):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 64:
        return value
    raise ValueError(
        f'"auto", "plain", "fresh" or a number from 1 to 64 is needed; received {value!r}'
    )


Views = Annotated[Literal["auto", "plain", "fresh"] | int, BeforeValidator(_views)]

Monitor = Literal["val_loss", "val_accuracy"]


class ConstantPlan(Value):
    """The same rate from the first step to the last."""

    kind: Literal["constant"] = "constant"
    warm_up: Amount = Field(default=0.0, description="epochs in which the rate rises from zero")


class PlateauPlan(Value):
    """Keras's ReduceLROnPlateau: times ``factor`` after ``patience`` epochs without progress."""

    kind: Literal["plateau"] = "plateau"
    warm_up: Amount = 0.0
    monitor: Monitor = "val_loss"
    factor: Annotated[float, Field(gt=0, lt=1, strict=True)] = 0.1
    patience: Count = 5
    minimum: Amount = 1e-6


class CosinePlan(Value):
    """Falls along half a cosine to ``final`` times the rate."""

    kind: Literal["cosine"] = "cosine"
    warm_up: Amount = 0.0
    final: Share = 0.0


class CyclicalPlan(Value):
    """Rises and falls linearly between ``floor`` times the rate and the rate."""

    kind: Literal["cyclical"] = "cyclical"
    warm_up: Amount = 0.0
    cycle: Annotated[float, Field(gt=0, strict=True)] = Field(
        default=4.0, description="epochs from one lowest point to the next"
    )
    floor: Share = 0.1


class OneCyclePlan(Value):
    """Rises from ``start`` times the rate to the rate, then falls to ``final`` times the rate.

    Both ways along half a cosine; the rise, which is the warm-up, takes the share ``rise`` of all
    steps. This is fastai's ``fit_one_cycle`` for the rate; momentum, which fastai moves the other
    way, stays as it is.
    """

    kind: Literal["one-cycle"] = "one-cycle"
    rise: Share = Field(default=0.25, description="share of all steps in which the rate rises")
    start: Share = 0.04
    final: Share = 1e-5


RatePlan = Annotated[
    ConstantPlan | PlateauPlan | CosinePlan | CyclicalPlan | OneCyclePlan,
    Field(discriminator="kind"),
]


# At most 1, since the head's rate is the largest.
_RateShare = Annotated[float, Field(gt=0, le=1, strict=True)]


class RateShares(Value):
    """What single base blocks take of the head's rate; 1 where nothing is said."""

    block1: _RateShare = 1.0
    block2: _RateShare = 1.0
    block3: _RateShare = 1.0
    block4: _RateShare = 1.0
    block5: _RateShare = 1.0

    def of(self, block: str) -> float:
        """Return the share of a block, which is 1 for the head."""
        shares: dict[str, float] = self.model_dump()
        return shares.get(block, 1.0)


class Stopping(Value):
    """Ends a stage when it makes no more progress.

    Args:
        monitor: what is watched: ``"val_loss"`` or ``"val_accuracy"``.
        patience: epochs in a row without progress after which the stage ends.
        min_delta: what counts as progress, in units of ``monitor``.
    """

    monitor: Monitor = "val_loss"
    patience: Count = 3
    min_delta: Amount = 0.0


class Stage(Value):
    """One part of a recipe: which blocks train, at what rate, for how long.

    Whatever ends a stage, its best weights are put back, unless ``keep`` says otherwise.
    ``augmentation``, ``views``, ``dropout``, ``batch_size`` and ``size`` left out are the recipe's.

    Args:
        train: the blocks that train: ``("head", "block5")``.
        epochs: epochs at most.
        optimizer: ``"adam"``, ``"adamw"``, ``"sgd"``, ``"rmsprop"``; or ``"exact"``, which solves
            the head as a regularised logistic regression.
        strength: how ``"exact"`` chooses the strength of its penalty, by log loss:
            ``"validation"``, fitted on the training images, the best on the validation images; or
            ``"cross-validation"``, the best in five folds of training and validation images
            together, then fitted on all of them. What the run calls validation is then of the folds
            held out; folds know copies of a picture, but no groups. It needs test images, two
            pictures of every class, and later stages that do not choose by the validation images:
            ``keep = "last"``, no ``stopping``, no plateau plan.
        rate: the head's learning rate; ``"find"`` sets ``find_rate``.
        find_rate: whether a short test before the stage finds the rate.
        momentum: of sgd (left out: 0.9) and rmsprop (left out: 0).
        block_decay: every base block takes this times the rate of the block above it.
        rate_shares: factors on the rates of single base blocks, beside ``block_decay``:
            ``RateShares(block5=0.1, block4=0.1)``; left out, all are 1.
        weight_decay: decoupled, on kernels only; left out it is 0.004 for adamw and 0 otherwise.
        epsilon: left out it is 1e-7. rmsprop adds it before the root of the mean square of a
            gradient is taken, adam and adamw after.
        plan: how the rate goes over the epochs: ``ConstantPlan()``, ``PlateauPlan()``,
            ``CosinePlan()``, ``CyclicalPlan()`` or ``OneCyclePlan()``.
        stopping: ends the stage early; left out, all epochs run.
        pull: decoupled, on kernels only: every step takes a kernel back by the rate times this, as
            a share of its distance from where it stood when the stage began (L2-SP).
        keep: ``"best"``, the weights of the epoch with the best ``stopping.monitor`` (``val_loss``
            without stopping); ``"last"``, those of the last whole epoch; or an average over the
            steps of whole epochs, in which older weights fade (``"ema"``) or all count the same
            (``"swa"``). Of an average are then all numbers on validation images, so that
            ``stopping`` and a plateau watch it. Batch norm that trains is given statistics of the
            averaged weights, by one more forward pass in every epoch, over at most about 2,000
            training images.
        average_epochs: of ``"ema"``, the epochs in which what weights count for falls to 1/e; of
            ``"swa"``, how many of the last epochs are averaged (all, where fewer ran), a whole
            number: that many copies of the weights are in memory. Left out it is 1.
        augmentation: random changes to training images, or the name of a set.
        views: how the stage sees its images, as in ``Recipe``.
        dropout: of the head, from 0 to less than 1.
        batch_size: images of one step.
        size: side of the images in pixels.
    """

    train: tuple[str, ...]
    epochs: Count = 10
    optimizer: Literal["adam", "adamw", "sgd", "rmsprop", "exact"] = "adam"
    strength: Literal["validation", "cross-validation"] = "validation"
    rate: Rate = 1e-3
    find_rate: Flag = False
    momentum: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    block_decay: _RateShare = 1.0
    rate_shares: RateShares | None = None
    weight_decay: Amount | None = None
    pull: Amount = 0.0
    epsilon: Annotated[float, Field(gt=0, le=1, strict=True)] | None = None
    plan: RatePlan = ConstantPlan()
    stopping: Stopping | None = None
    keep: Literal["best", "last", "ema", "swa"] = "best"
    average_epochs: Annotated[float, Field(gt=0, strict=True, allow_inf_nan=False)] | None = None
    augmentation: ByNameToo | None = None
    views: Views | None = None
    dropout: Annotated[float, Field(ge=0, lt=1, strict=True)] | None = None
    batch_size: Batch | None = None
    size: Size | None = None

    @model_validator(mode="before")
    @classmethod
    def _found_rate(cls, table: Any) -> Any:
        """Read ``rate = "find"`` as the wish to have the rate found."""
        if isinstance(table, dict) and table.get("rate") == "find":
            return {key: value for key, value in table.items() if key != "rate"} | {
                "find_rate": True
            }
        return table

    @field_validator("train")
    @classmethod
    def _known_blocks(cls, train: tuple[str, ...]) -> tuple[str, ...]:
        if not train:
            raise ValueError('no block trains; name at least one, for example ["head"]')
        faults = [
            f'no block is called "{name}".{did_you_mean(name, BLOCKS)} Blocks: {", ".join(BLOCKS)}'
            for name in train
            if name not in BLOCKS
        ]
        if faults:
            raise ValueError("; ".join(faults))
        return tuple(block for block in BLOCKS if block in train)

    @model_validator(mode="after")
    def _nothing_without_effect(self) -> "Stage":
        """Refuse settings that the stage would ignore."""
        if self.optimizer == "exact":
            if self.train != ("head",):
                raise ValueError('optimizer = "exact" trains the head only: train = ["head"]')
            written, unwritten = self.model_dump(), Stage.model_fields
            unused = [
                name
                for name in written
                if name not in ("train", "optimizer", "strength", "augmentation", "size")
                and getattr(self, name) != unwritten[name].default
            ]
            if unused:
                raise ValueError(f'optimizer = "exact" does not use {", ".join(unused)}: leave out')
        elif self.strength != "validation":
            raise ValueError(
                f'optimizer = "{self.optimizer}" has no strength to choose: leave strength out'
            )
        shares = self.rate_shares or RateShares()
        frozen = [name for name in BASE_BLOCKS if name not in self.train and shares.of(name) != 1]
        if frozen:
            raise ValueError(
                f"rate_shares names {', '.join(frozen)}, which the stage does not train: leave it "
                "out"
            )
        if self.momentum is not None and self.optimizer not in ("sgd", "rmsprop"):
            raise ValueError(f'optimizer = "{self.optimizer}" has no momentum: leave it out')
        if self.epsilon is not None and self.optimizer == "sgd":
            raise ValueError('optimizer = "sgd" has no epsilon: leave it out')
        if self.average_epochs is not None and not self.keeps_average:
            raise ValueError(
                f'keep = "{self.keep}" averages nothing, so average_epochs has no effect: leave it '
                'out, or set keep = "ema" or "swa"'
            )
        if self.keep == "swa" and (self.average_epochs or 1) % 1:
            raise ValueError(
                'keep = "swa" averages whole epochs; received average_epochs = '
                f'{self.average_epochs:g}: give a whole number, or set keep = "ema"'
            )
        return self

    @property
    def keeps_average(self) -> bool:
        """Whether the stage validates and keeps an average of its weights."""
        return self.keep in ("ema", "swa")

    @property
    def chooses_by_validation(self) -> bool:
        """Whether validation images decide on its weights, its rate or its end."""
        if self.optimizer == "exact":
            return self.strength == "validation"
        return (
            self.keep == "best" or self.stopping is not None or isinstance(self.plan, PlateauPlan)
        )

    @property
    def fits_validation(self) -> bool:
        """Whether it is fitted on the validation images too."""
        return self.strength == "cross-validation"

    @property
    def title(self) -> str:
        """The blocks that train, as a person would say it: ``head + block5``."""
        return " + ".join(reversed(self.train))
