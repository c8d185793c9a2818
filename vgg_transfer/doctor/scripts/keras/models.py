"""Models, made from tensors or from layers."""

from typing import Any

from vgg_transfer.doctor.scripts.keras.applying import as_layer
from vgg_transfer.doctor.scripts.story.layers import Made, Used
from vgg_transfer.doctor.scripts.story.matching import match
from vgg_transfer.doctor.scripts.story.scene import Scene
from vgg_transfer.doctor.scripts.values.calling import Call
from vgg_transfer.doctor.scripts.values.networks import Layer, Model, Tensor, layers_of

_MOST_LAYERS = 20_000


def functional(output: Any, line: int, name: str = "") -> Model:
    """Return the model that ends in a tensor; one of which nothing is known, of anything else."""
    count = 1
    if isinstance(output, list | tuple):
        count = len(output)
        output = output[0] if count else None
    if not isinstance(output, Tensor):
        return Model("functional", line, name=name, uncertain=True)
    layers, branched = layers_of(output)
    counted = sum(map(_counted, layers))
    if counted > _MOST_LAYERS:
        return Model("functional", line, name=name, uncertain=True)
    opaque = any(one.kind in ("Body", "Part") for one in layers)
    model = Model("functional", line, layers, output, name, opaque=opaque, branched=branched)
    model.outputs, model.counted = count, counted
    return model


def _counted(layer: Layer) -> int:
    return 1 if layer.model is None else layer.model.counted


def model_of(scene: Scene, call: Call) -> Model:
    """Return what ``Model(inputs, outputs)`` makes."""
    outputs = call.get("outputs", 1, call.get("output"))
    for old in ("input", "output"):
        if old in call.named:
            scene.tell(Used(call.lines.get(old, call.line), f"Model({old}=…)", "argument"))
    name = call.get("name", default="")
    model = functional(outputs, call.line, name if isinstance(name, str) else "")
    scene.tell(Made(call.line, model))
    return model


def sequential_of(scene: Scene, call: Call) -> Model:
    """Return what ``Sequential(layers)`` makes."""
    model = Model("sequential", call.line, unsure=scene.unsure)
    scene.tell(Made(call.line, model))
    layers = call.get("layers", 0)
    if layers is None:
        return model
    if not isinstance(layers, list | tuple):
        model.uncertain = True
        return model
    for one in layers:
        add(model, one)
    return model


def add(model: Model, layer: Any) -> None:
    """Put a layer at the end of a sequential model."""
    if isinstance(layer, Model):
        layer = as_layer(layer)
    if isinstance(layer, Tensor):
        layer = layer.layer
    if not isinstance(layer, Layer) or model.counted + _counted(layer) > _MOST_LAYERS:
        model.uncertain = True
        return
    model.counted += _counted(layer)
    model.opaque = model.opaque or layer.kind in ("Body", "Part")
    model.branched = model.branched or (layer.model is not None and layer.model.branched)
    model.layers.append(layer)


def sequential_output(of: Model) -> Tensor | None:
    """Return what a sequential model ends with: its layers one behind the other."""
    tensor: Tensor | None = None
    for layer in of.layers:
        layer.tensor = Tensor(layer, () if tensor is None else (tensor,), layer.line)
        tensor = layer.tensor
    of.output = tensor
    return tensor


def clone_of(scene: Scene, call: Call) -> Any:
    """Return a model that was cloned: its weights are others, so nothing is said of it."""
    match(scene, call.given, call.line)
    return Model("loaded", call.line, opaque=True, uncertain=True)
