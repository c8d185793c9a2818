"""The head: everything behind the last block of the base."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from vgg_transfer.recipe.values import Amount, Count, Flag, Value


class Head(Value):
    """Pooling, dense layers and an output.

    Args:
        blocks: the blocks that it reads, each pooled for itself and all side by side:
            ``("block4", "block5")``. The last block of the base is always among them; left out, it
            is the only one. Lower blocks help where images are small. A stage that trains the head
            alone stores only what that reads. One that trains blocks too stores float32, whatever
            the ``precision``, where the head reads frozen blocks below the highest of them.
        pooling: ``"average"``, ``"max"``, ``"both"`` or ``"flatten"``, which fits one image size.
        dense: units of the hidden layers: ``(256,)``.
        activation: ``"relu"`` behind each hidden layer, or ``"none"``.
        dropout: share left out behind each hidden layer, or behind the pooling where there are
            none.
        l1: penalty on the kernels of all dense layers but the output's; on the output's where it is
            the only one.
        l2: as ``l1``, of their squares.
        batch_norm: whether batch norm stands behind each hidden layer.
        norm_momentum: what each step leaves of the means and deviations that batch norm judges by;
            a training of few steps needs less than 0.99 (fastai has 0.9), else it is judged by
            what it began with.
        output: ``"softmax"``, ``"sigmoid"``, or ``"auto"``: one sigmoid unit for two classes,
            softmax for more.
        label_smoothing: share of each label that is spread over all classes.
        loss: ``"crossentropy"``; or ``"focal"``, which multiplies the cross-entropy of an image by
            (1 - p) to the power of ``focal_gamma``, where p is the probability of its class: what
            the network knows already counts for less. It gives no class a weight of its own.
        focal_gamma: see ``loss``.
    """

    blocks: tuple[Literal["block1", "block2", "block3", "block4", "block5"], ...] = ()
    pooling: Literal["average", "max", "both", "flatten"] = "average"
    dense: tuple[Count, ...] = ()
    activation: Literal["relu", "none"] = "relu"
    dropout: Annotated[float, Field(ge=0, lt=1, strict=True)] = 0.0
    l1: Amount = 0.0
    l2: Amount = 0.0
    batch_norm: Flag = False
    norm_momentum: Annotated[float, Field(gt=0, lt=1, strict=True)] = 0.99
    output: Literal["auto", "softmax", "sigmoid"] = "auto"
    label_smoothing: Annotated[float, Field(ge=0, lt=1, strict=True)] = 0.0
    loss: Literal["crossentropy", "focal"] = "crossentropy"
    focal_gamma: Annotated[float, Field(ge=0, le=10, strict=True)] = 2.0

    @field_validator("blocks")
    @classmethod
    def _lowest_first(cls, blocks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(blocks)))

    @model_validator(mode="after")
    def _several_are_pooled(self) -> "Head":
        if len(self.blocks) > 1 and self.pooling == "flatten":
            raise ValueError(
                f'pooling = "flatten" reads one block; received blocks = {list(self.blocks)}: set '
                'pooling = "average", "max" or "both", or leave blocks out'
            )
        return self

    @model_validator(mode="after")
    def _nothing_without_effect(self) -> "Head":
        if self.loss != "focal" and self.focal_gamma != Head.model_fields["focal_gamma"].default:
            raise ValueError(
                f'focal_gamma = {self.focal_gamma:g} has no effect with loss = "{self.loss}": '
                'set loss = "focal", or leave it out'
            )
        momentum = self.norm_momentum
        if not self.batch_norm and momentum != Head.model_fields["norm_momentum"].default:
            raise ValueError(
                f"norm_momentum = {momentum:g} has no effect without batch norm: set batch_norm = "
                "true, or leave it out"
            )
        if self.activation == "none" and not self.dense:
            raise ValueError(
                'activation = "none" has no effect without hidden layers: set dense, or leave it '
                "out"
            )
        return self
