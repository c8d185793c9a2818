"""How large what goes through a model is, as far as its layers say."""

from typing import Any

from vgg_transfer.doctor.scripts.values.kinds import AUGMENTING
from vgg_transfer.doctor.scripts.values.networks import Layer, Model

_Shape = tuple[int, int, int]

_SAME = (AUGMENTING - {"RandomCrop", "RandomHeight", "RandomWidth"}) | frozenset(
    (
        *("InputLayer", "Rescaling", "Normalization", "Preprocess", "Operation"),
        *("Dropout", "SpatialDropout2D", "GaussianNoise", "BatchNormalization"),
        *("Activation", "ReLU", "LeakyReLU"),
    )
)


def shapes_of(model: Model, size: int | None = None) -> dict[Layer, _Shape]:
    """Return what comes out of each layer as rows, columns and channels, until that is unknown.

    Args:
        model: whose layers are followed, those of inner models too.
        size: the side of the images, where the model does not say it.
    """
    found: dict[Layer, _Shape] = {}
    if model.branched:
        return found
    shape: _Shape | None = None if size is None else (size, size, 3)
    for layer in model.all_layers:
        given = _whole(layer.settings.get("shape", layer.settings.get("input_shape")))
        shape = given or shape
        if shape is None:
            if layer.kind == "InputLayer":
                continue
            return found
        after = _after(layer, shape)
        if after is None:
            return found
        found[layer] = shape = after
        if min(shape[:2]) < 1:
            return found
    return found


def _whole(shape: Any) -> _Shape | None:
    if (
        isinstance(shape, tuple | list)
        and len(shape) == 3
        and all(type(one) is int for one in shape)
    ):
        rows, columns, channels = shape
        return (rows, columns, channels)
    return None


def _after(layer: Layer, shape: _Shape) -> _Shape | None:
    rows, columns, channels = shape
    if layer.kind in _SAME:
        return shape
    if layer.kind == "Body":
        return None
    if layer.kind in ("Conv2D", "SeparableConv2D", "DepthwiseConv2D"):
        filters = layer.settings.get("filters")
        kernel, stride = (
            _pair(layer.settings.get("kernel_size")),
            _pair(layer.settings.get("strides", 1)),
        )
        same = layer.settings.get("padding", "same" if layer.owner else "valid") == "same"
        if (
            kernel is None
            or stride is None
            or (layer.kind != "DepthwiseConv2D" and type(filters) is not int)
        ):
            return None
        width = filters if isinstance(filters, int) else channels
        return (*_moved((rows, columns), kernel, stride, same), width)
    if layer.kind in ("MaxPooling2D", "AveragePooling2D"):
        pool = _pair(layer.settings.get("pool_size", 2))
        stride = _pair(layer.settings.get("strides") or layer.settings.get("pool_size", 2))
        if pool is None or stride is None:
            return None
        same = layer.settings.get("padding", "valid") == "same"
        return (*_moved((rows, columns), pool, stride, same), channels)
    if layer.kind == "ZeroPadding2D":
        pad = _pair(layer.settings.get("padding", 1))
        return None if pad is None else (rows + 2 * pad[0], columns + 2 * pad[1], channels)
    if layer.kind == "Flatten":
        return (1, 1, rows * columns * channels)
    if layer.kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        return (1, 1, channels)
    units = layer.settings.get("units")
    return (rows, columns, units) if layer.kind == "Dense" and type(units) is int else None


def _pair(value: Any) -> tuple[int, int] | None:
    if type(value) is int:
        return (value, value)
    if (
        isinstance(value, tuple | list)
        and len(value) == 2
        and all(type(one) is int for one in value)
    ):
        return (value[0], value[1])
    return None


def _moved(
    sides: tuple[int, int], window: tuple[int, int], stride: tuple[int, int], same: bool
) -> tuple[int, int]:
    first, second = (
        -(-side // max(step, 1)) if same else (side - size) // max(step, 1) + 1
        for side, size, step in zip(sides, window, stride, strict=True)
    )
    return first, second
