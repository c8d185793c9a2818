"""The networks of keras.applications: what they were trained on, and VGG's layers by name."""

from dataclasses import dataclass
from typing import Any

from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor

_PER_BLOCK = {"VGG16": (2, 2, 3, 3, 3), "VGG19": (2, 2, 4, 4, 4)}
_CHANNELS = (64, 128, 256, 512, 512)


@dataclass(frozen=True)
class Application:
    """A network of keras.applications.

    Args:
        module: where its ``preprocess_input`` is.
        pixels: what its weights expect: ``bgr`` (0..255 less the means, BGR), ``signed`` (-1..1),
            ``torch`` (0..1, normalised) or ``raw`` (0..255: it prepares them itself).
        size: the side of the images that it takes with its top.
        batch_norm: whether it has batch norm.
    """

    module: str
    pixels: str
    size: int = 224
    batch_norm: bool = True


def _known() -> dict[str, Application]:
    found = {
        "VGG16": Application("vgg16", "bgr", batch_norm=False),
        "VGG19": Application("vgg19", "bgr", batch_norm=False),
        "InceptionV3": Application("inception_v3", "signed", 299),
        "InceptionResNetV2": Application("inception_resnet_v2", "signed", 299),
        "Xception": Application("xception", "signed", 299),
        "MobileNet": Application("mobilenet", "signed"),
        "MobileNetV2": Application("mobilenet_v2", "signed"),
        "MobileNetV3Small": Application("mobilenet_v3", "raw"),
        "MobileNetV3Large": Application("mobilenet_v3", "raw"),
        "NASNetMobile": Application("nasnet", "signed"),
        "NASNetLarge": Application("nasnet", "signed", 331),
    }
    for depth in (50, 101, 152):
        module = "resnet50" if depth == 50 else "resnet"
        found[f"ResNet{depth}"] = Application(module, "bgr")
        found[f"ResNet{depth}V2"] = Application("resnet_v2", "signed")
    for depth in (121, 169, 201):
        found[f"DenseNet{depth}"] = Application("densenet", "torch")
    for number, size in enumerate((224, 240, 260, 300, 380, 456, 528, 600)):
        found[f"EfficientNetB{number}"] = Application("efficientnet", "raw", size)
    for kind in ("B0", "B1", "B2", "B3", "S", "M", "L"):
        found[f"EfficientNetV2{kind}"] = Application("efficientnet_v2", "raw")
    for kind in ("Tiny", "Small", "Base", "Large", "XLarge"):
        found[f"ConvNeXt{kind}"] = Application("convnext", "raw", batch_norm=False)
    return found


APPLICATIONS = _known()
"""The networks by name."""


def build(network: str, line: int, settings: dict[str, Any], lines: dict[str, int]) -> Model:
    """Return a network of keras.applications; of VGG with its layers, of others as a whole."""
    top = settings.get("include_top", True)
    shape = settings.get("input_shape")
    size = _side(shape)
    known = APPLICATIONS[network]
    if size is None and shape is None and settings.get("input_tensor") is None and top is True:
        size = known.size
    model = Model("application", line, network=network, lines=lines, size=size)
    model.name = network.lower()
    model.weights = settings.get("weights", "imagenet")
    start = settings.get("input_tensor")
    first = Layer("InputLayer", line, settings={"shape": shape}, name="input_layer", owner=model)
    tensor = start if isinstance(start, Tensor) else _add(model, first, None)
    if network in _PER_BLOCK:
        for layer in _vgg(network, line):
            tensor = _add(model, layer, tensor)
    else:
        model.opaque = True
        body = Layer("Body", line, name=f"the layers of {network}", owner=model)
        tensor = _add(model, body, tensor)
    for layer in _ending(network, line, settings, top):
        tensor = _add(model, layer, tensor)
    model.output, model.counted = tensor, len(model.layers)
    return model


def _add(model: Model, layer: Layer, before: Tensor | None) -> Tensor:
    layer.owner = model
    model.layers.append(layer)
    layer.tensor = Tensor(layer, () if before is None else (before,), layer.line)
    return layer.tensor


def _vgg(network: str, line: int) -> list[Layer]:
    found = []
    for block, (count, width) in enumerate(zip(_PER_BLOCK[network], _CHANNELS, strict=True), 1):
        for number in range(1, count + 1):
            settings = {"filters": width, "activation": "relu", "kernel_size": 3}
            found.append(Layer("Conv2D", line, settings, f"block{block}_conv{number}"))
        found.append(Layer("MaxPooling2D", line, {}, f"block{block}_pool"))
    return found


def _ending(network: str, line: int, settings: dict[str, Any], top: Any) -> list[Layer]:
    classes = settings.get("classes", 1000)
    if top is not False:
        wide = [
            Layer("Flatten", line, {}, "flatten"),
            Layer("Dense", line, {"units": 4096, "activation": "relu"}, "fc1"),
            Layer("Dense", line, {"units": 4096, "activation": "relu"}, "fc2"),
        ]
        activation = settings.get("classifier_activation", "softmax")
        last = Layer("Dense", line, {"units": classes, "activation": activation}, "predictions")
        return [*(wide if network in _PER_BLOCK else []), last]
    pooling = {"avg": "GlobalAveragePooling2D", "max": "GlobalMaxPooling2D"}
    kind = pooling.get(settings.get("pooling", "") or "")
    return [Layer(kind, line, {}, kind.lower())] if kind else []


def _side(shape: Any) -> int | None:
    """Return the side of images of a shape, where it says one."""
    if not isinstance(shape, tuple | list) or len(shape) != 3:
        return None
    sides = [one for one in shape if isinstance(one, int) and one > 4]
    return min(sides) if len(sides) >= 2 else None
