"""Whether a chain of steps is a VGG with a head, and which one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vgg_transfer.adoption.chain import Layer
from vgg_transfer.adoption.steps import Step, steps_of
from vgg_transfer.adoption.stored import Floats
from vgg_transfer.errors import AdoptionError
from vgg_transfer.network.base_weights import convolution_names
from vgg_transfer.recipe import Base, Head
from vgg_transfer.words import listed

_FILTERS = (64, 128, 256, 512, 512)
_ENDS = ("softmax", "sigmoid")
Tensors = tuple[Floats, Floats]


@dataclass(frozen=True)
class Recognised:
    """A network of somebody else's, in our words.

    Args:
        base: which VGG, of how many blocks and which width.
        head: pooling, hidden layers and output.
        convolutions: kernel and bias of each, lowest first.
        dense: kernel and bias of each dense layer, the output's last.
        flips: whether the model itself exchanges red and blue.
        scale: what the model itself multiplies each channel by, before its first convolution.
        offset: what it then adds.
        scales_itself: whether it does anything to pixels, so that it wants them raw.
        size: the side of its images, in pixels; None where any will do.
        remarks: what a user of it should know, in sentences.
    """

    base: Base
    head: Head
    convolutions: tuple[Tensors, ...]
    dense: tuple[Tensors, ...]
    flips: bool
    scale: Floats
    offset: Floats
    scales_itself: bool
    size: int | None
    remarks: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """The number of classes: two where there is one unit."""
        units: int = self.dense[-1][0].shape[1]
        return max(units, 2)


def recognise(layers: tuple[Layer, ...]) -> Recognised:
    """Return the VGG that layers are.

    Raises:
        AdoptionError: they are another network, or one that a recipe cannot express.
    """
    steps = steps_of(layers)
    first = next((i for i, step in enumerate(steps) if step.kind == "convolution"), len(steps))
    flips, scale, offset = _before(steps[:first])
    end = max((i + 1 for i, step in enumerate(steps) if step.kind == "halve"), default=first)
    base, convolutions = _base(steps[first:end])
    head, dense, remarks = _head(steps[end:])
    return Recognised(
        base=base,
        head=head,
        convolutions=convolutions,
        dense=dense,
        flips=flips,
        scale=scale,
        offset=offset,
        scales_itself=first > 0,
        size=_size(layers, base, head, convolutions, dense),
        remarks=remarks,
    )


def _before(steps: Sequence[Step]) -> tuple[bool, Floats, Floats]:
    """Return what is done to pixels before the first convolution."""
    flips, scale, offset = False, np.ones(3, np.float32), np.zeros(3, np.float32)
    for step in steps:
        if step.kind == "flip":
            flips, scale, offset = not flips, scale[::-1], offset[::-1]
        elif step.kind == "scale":
            scale, offset = scale * step.kernel, offset * step.kernel + step.bias
        else:
            raise AdoptionError(
                f'its layer "{step.layer}" ({step.kind}) stands before any convolution: only VGG16 '
                "and VGG19 are adopted"
            )
    return flips, scale, offset


def _base(steps: Sequence[Step]) -> tuple[Base, tuple[Tensors, ...]]:
    blocks: list[list[Step]] = [[]]
    for step, behind in zip(steps, [*steps[1:], None], strict=True):
        if step.kind == "convolution" and behind is not None and behind.kind == "relu":
            blocks[-1].append(step)
        elif step.kind == "halve" and blocks[-1]:
            blocks.append([])
        elif step.kind != "relu" or not blocks[-1]:
            raise AdoptionError(
                f'its layer "{step.layer}" ({step.kind}) does not stand where a VGG has it: blocks '
                "of convolutions with ReLU, each block ended by a pooling of 2"
            )
    blocks.pop()
    architecture = _architecture([len(block) for block in blocks])
    convolutions = [step for block in blocks for step in block]
    width = _width([block[-1].kernel.shape[-1] for block in blocks])
    before = 3
    for name, step in zip(convolution_names(architecture), convolutions, strict=False):
        if step.kernel.shape[:3] != (3, 3, before):
            raise AdoptionError(
                f'its layer "{step.layer}" has a kernel of {step.kernel.shape}, and the {name} of '
                f"a VGG (3, 3, {before}, filters)"
            )
        before = step.kernel.shape[-1]
    base = Base(architecture=architecture, weights="none", blocks=len(blocks), width=width)
    return base, tuple((step.kernel, step.bias) for step in convolutions)


def _architecture(counts: list[int]) -> Literal["vgg16", "vgg19"]:
    plans: dict[Literal["vgg16", "vgg19"], list[int]] = {
        "vgg16": [2, 2, 3, 3, 3],
        "vgg19": [2, 2, 4, 4, 4],
    }
    for name, plan in plans.items():
        if counts and counts == plan[: len(counts)]:
            return name
    raise AdoptionError(
        f"its blocks have {counts or 'no'} convolutions; VGG16 has 2, 2, 3, 3, 3 and VGG19 "
        "2, 2, 4, 4, 4, or the lowest of them"
    )


def _width(filters: list[int]) -> float:
    """Return the factor on all numbers of filters."""
    pairs = list(zip(filters, _FILTERS, strict=False))
    low = max((count - 0.5) / full for count, full in pairs)
    high = min((count + 0.5) / full for count, full in pairs)
    for width in (1.0, *(round((low + high) / 2, digits) for digits in range(2, 9))):
        if 0 < width <= 4 and all(max(1, round(full * width)) == count for count, full in pairs):
            return width
    raise AdoptionError(
        f"its blocks have {filters} filters: those of a VGG are {list(_FILTERS)}, or all of them "
        "times the same factor"
    )


def _head(steps: Sequence[Step]) -> tuple[Head, tuple[Tensors, ...], tuple[str, ...]]:
    if not steps or steps[0].kind not in ("average", "max", "flatten"):
        raise AdoptionError(
            "behind the pooling of its last block there is no Flatten or global pooling, so it "
            "is no classifier: adopt the whole model, with its head"
        )
    pooling: Literal["average", "max", "flatten"] = steps[0].kind  # type: ignore[assignment]
    dense = [step for step in steps if step.kind == "dense"]
    between = [step.kind for step in steps[1:]]
    end = between[-1] if between and between[-1] != "dense" else ""
    hidden = ["dense", "relu"] * (len(dense) - 1)
    if not dense or between != [*hidden, "dense", *([end] if end else [])]:
        what = listed(between, 9, quoted=False) or "nothing"
        raise AdoptionError(
            f"its head is {what}: a recipe's head has dense layers with ReLU between them, batch "
            "norm that can be folded into them, and one output"
        )
    units = dense[-1].kernel.shape[1]
    output, remarks = _output(end, units)
    head = Head(
        pooling=pooling,
        dense=tuple(step.kernel.shape[1] for step in dense[:-1]),
        output=output,
    )
    return head, tuple((step.kernel, step.bias) for step in dense), remarks


def _output(end: str, units: int) -> tuple[Literal["softmax", "sigmoid"], tuple[str, ...]]:
    if end == "softmax" and units == 1:
        raise AdoptionError(
            "it ends with one unit and softmax, which answers 1 whatever it is shown: it has "
            "learnt nothing that could be adopted. Train again with a sigmoid, or two units"
        )
    if end not in ("", *_ENDS):
        raise AdoptionError(
            f"it ends with {end}, which gives no probabilities: softmax, sigmoid and no activation "
            "at all can be adopted"
        )
    if units == 1:
        return "sigmoid", ()
    if end == "sigmoid":
        return "softmax", (
            f"its {units} outputs were sigmoids, each for itself; here softmax makes probabilities "
            "of the same numbers: the class that is answered stays, probabilities are others",
        )
    return "softmax", ()


def _size(
    layers: tuple[Layer, ...],
    base: Base,
    head: Head,
    convolutions: tuple[Tensors, ...],
    dense: tuple[Tensors, ...],
) -> int | None:
    """Return the side of the images that the model was made for."""
    # Behind the first convolution, inputs are those of models inside this one.
    end = next(place for place, layer in enumerate(layers, start=1) if layer.kind == "Conv2D")
    said = [sides for layer in layers[:end] if (sides := _said(layer)) is not None]
    if any(height != width for height, width in said):
        height, width = said[-1]
        raise AdoptionError(f"it wants images of {height} x {width} px, and a recipe's are square")
    channels, rows = convolutions[-1][0].shape[-1], len(dense[0][0])
    if head.pooling != "flatten":
        if rows != channels:
            raise AdoptionError(f"its head reads {rows} numbers, its base gives {channels}")
        return said[-1][0] if said else None
    side = math.isqrt(rows // channels)
    if side * side * channels != rows:
        raise AdoptionError(
            f"its head reads {rows} numbers, which are no square map of {channels} channels"
        )
    size = said[-1][0] if said else side * 2**base.blocks
    if size // 2**base.blocks != side:
        raise AdoptionError(
            f"its head reads maps of {side} x {side}, which images of {size} px do not give"
        )
    return size


def _said(layer: Layer) -> tuple[int, int] | None:
    settings = layer.settings
    if layer.kind == "Resizing":
        return int(settings["height"]), int(settings["width"])
    shape = settings.get("batch_shape") or settings.get("batch_input_shape")
    if not shape or len(shape) != 4:
        return None
    if shape[3] != 3:
        raise AdoptionError(f"it wants images of {shape[3]} channels: a recipe's have 3 colours")
    return None if None in shape[1:3] else (int(shape[1]), int(shape[2]))
