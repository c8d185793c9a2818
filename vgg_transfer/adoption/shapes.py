"""Weights alone: what the layers are is read off the shapes of their kernels.

What shapes do not tell is assumed, as nearly all networks have it: ReLU behind every layer, the
average over space before a head that fits it, softmax at the end, or a sigmoid for one unit.
"""

from collections.abc import Iterator, Mapping

from vgg_transfer.adoption.chain import Layer
from vgg_transfer.adoption.stored import Parts
from vgg_transfer.errors import AdoptionError
from vgg_transfer.network.base_weights import convolution_names

_CONVOLUTION = {"kernel_size": [3, 3], "padding": "same", "activation": "relu"}


def layers_by_shape(arrays: Mapping[str, Parts]) -> tuple[Layer, ...]:
    """Return the layers that these kernels and biases are of.

    Raises:
        AdoptionError: they are not those of a VGG16 or VGG19 with a head.
    """
    odd = [name for name, parts in arrays.items() if set(parts) - {"kernel", "bias"}]
    if odd:
        raise AdoptionError(
            f'it says nothing of its layers, and its layer "{odd[0]}" is more than a kernel and a '
            "bias, as batch norm is: save the whole model as .h5 or .keras"
        )
    kernels = {name: parts for name, parts in arrays.items() if "kernel" in parts}
    convolutions = [parts for parts in kernels.values() if parts["kernel"].ndim == 4]
    dense = [parts for parts in kernels.values() if parts["kernel"].ndim == 2]
    return tuple(_layers(convolutions, dense))


def _layers(convolutions: list[Parts], dense: list[Parts]) -> Iterator[Layer]:
    plan = {13: "vgg16", 16: "vgg19"}.get(len(convolutions))
    if plan is None or not dense:
        raise AdoptionError(
            f"it holds {len(convolutions)} convolutions and {len(dense)} dense layers: a VGG16 has "
            "13 convolutions, a VGG19 has 16, and a classifier ends with a dense layer"
        )
    names = convolution_names(plan)
    for place, (name, parts) in enumerate(zip(names, convolutions, strict=True)):
        yield Layer("Conv2D", name, _CONVOLUTION, parts)
        if place + 1 == len(names) or names[place + 1][:6] != name[:6]:
            yield Layer("MaxPooling2D", f"{name[:6]}_pool", {"pool_size": [2, 2]})
    channels, rows = convolutions[-1]["kernel"].shape[-1], dense[0]["kernel"].shape[0]
    yield Layer("GlobalAveragePooling2D" if rows == channels else "Flatten", "pooling")
    for place, parts in enumerate(dense, start=1):
        units = parts["kernel"].shape[1]
        end = "sigmoid" if units == 1 else "softmax"
        activation = "relu" if place < len(dense) else end
        yield Layer("Dense", f"dense{place}", {"activation": activation}, parts)
