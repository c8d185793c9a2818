"""Layers of the script's own: whether they can learn, and are not far too many."""

from collections.abc import Iterator
from dataclasses import replace

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.heads import LARGE_HEAD
from vgg_transfer.doctor.scripts.keras.applications import APPLICATIONS
from vgg_transfer.doctor.scripts.rules.ending import activation_of, trained
from vgg_transfer.doctor.scripts.rules.shapes import shapes_of
from vgg_transfer.doctor.scripts.story.layers import TrainableSet
from vgg_transfer.doctor.scripts.story.models import Compiled, Fitted
from vgg_transfer.doctor.scripts.story.story import Story
from vgg_transfer.doctor.scripts.values.batches import Batches
from vgg_transfer.doctor.scripts.values.networks import Layer, Model
from vgg_transfer.finding import Finding

LINEAR_STACK = Entry(
    "linear-stack",
    "warning",
    "Dense behind Dense with no activation between",
    "Two linear layers in a row are one linear layer: the first adds weights and nothing that it "
    "could learn.",
    "A Dense layer without activation whose output reaches another Dense layer by nothing but "
    "dropout or flatten.",
)
CONSTANT_START = Entry(
    "constant-start",
    "error",
    "Kernels that begin with one number everywhere",
    "All units of such a layer compute the same and get the same gradient, so they stay one unit "
    "for ever.",
    "kernel_initializer of zeros, ones or a constant. A note at the output, where the units get "
    "different gradients by their classes.",
)
MOVING_BATCH_NORM = Entry(
    "moving-batch-norm",
    "warning",
    "Batch norm of a pretrained base that trains along",
    "As soon as the base is not frozen, its means and deviations become those of a few batches, "
    "and what the weights behind them know is gone.",
    "A base with batch norm and ImageNet weights all of whose layers learn in a training, and "
    "that is not called with training=False.",
)
_MANY = 10_000_000
_FEW = 10_000
_CONSTANT = ("zeros", "ones", "zero", "one", "constant")


def _own_layers(story: Story) -> Iterator[tuple[Model, list[Layer]]]:
    """Yield the layers of the script in each model that is compiled or trained."""
    seen: set[int] = set()
    for event in story.events:
        if isinstance(event, Compiled | Fitted) and id(event.model) not in seen:
            seen.add(id(event.model))
            if event.model.plain:
                yield event.model, list(event.model.all_layers)


def linear_stack(story: Story) -> Iterator[Finding]:
    """Find linear layers in a row."""
    told: set[int] = set()
    for model, layers in _own_layers(story):
        if model.branched:
            continue
        before: Layer | None = None
        for layer in layers:
            if layer.kind == "Dense" and layer.owner is None:
                if before is not None and before.line not in told:
                    told.add(before.line)
                    yield LINEAR_STACK.found(
                        story.source.where(before.line),
                        f"Dense on line {before.line} has no activation, and Dense on line "
                        f"{layer.line} follows",
                        "activation='relu'",
                    )
                before = layer if activation_of(layer) == "linear" else None
            elif layer.kind not in ("Dropout", "Flatten"):
                before = None


def constant_start(story: Story) -> Iterator[Finding]:
    """Find kernels that begin with one number."""
    told: set[int] = set()
    for _, layers in _own_layers(story):
        last = next((one for one in reversed(layers) if one.has_weights), None)
        for layer in layers:
            given = layer.settings.get(
                "kernel_initializer", layer.settings.get("depthwise_initializer")
            )
            kind = given[0] if isinstance(given, tuple) and given else given
            path = getattr(kind, "path", kind)
            name = str(path).rpartition(".")[2].lower() if path is not None else ""
            line = layer.line_of("kernel_initializer")
            if name in _CONSTANT and layer.owner is None and line not in told:
                told.add(line)
                finding = CONSTANT_START.found(
                    story.source.where(line),
                    f"{layer.kind} on line {layer.line} begins with {name}",
                    "leave kernel_initializer out, or 'he_normal'",
                )
                # Nothing below an output needs its kernel to tell units apart.
                yield replace(finding, severity="note") if layer is last else finding


def large_head(story: Story) -> Iterator[Finding]:
    """Find a head of many millions of weights that nothing holds back."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        model = fitted.model
        if not model.plain or model.branched:
            continue
        found = _widest(model, fitted)
        if found is None:
            continue
        layer, inputs, units = found
        mine = [one for one in model.all_layers if one.owner is None]
        held = any(one.kind in ("Dropout", "SpatialDropout2D") for one in mine)
        held = held or any(one.settings.get("kernel_regularizer") is not None for one in mine)
        data = fitted.data if isinstance(fitted.data, Batches) else None
        images = data.pictures.count if data else None
        weights = inputs * units
        few = (
            images is not None
            and images < _FEW
            and weights > max(100 * images, 2 * images + inputs)
        )
        free = not held and compiled.trains.get(layer) is not False
        if layer.line in told or not free or not (weights > _MANY or few):
            continue
        told.add(layer.line)
        of = f" for {images:,} images" if images else ""
        yield LARGE_HEAD.found(
            story.source.where(layer.line),
            f"Dense({units}) on line {layer.line} behind Flatten has {weights:,} weights{of}",
            "GlobalAveragePooling2D() in the place of Flatten()",
        )


def _widest(model: Model, fitted: Fitted) -> tuple[Layer, int, int] | None:
    """Return the dense layer behind a Flatten, how many numbers it reads, and its units."""
    layers = [
        one
        for one in model.all_layers
        if one.kind not in ("Dropout", "BatchNormalization", "Activation")
    ]
    places = [n for n, one in enumerate(layers[:-1]) if one.kind == "Flatten" and one.owner is None]
    if not places or layers[places[0] + 1].kind != "Dense":
        return None
    dense = layers[places[0] + 1]
    units = dense.settings.get("units")
    size = fitted.data.pictures.size if isinstance(fitted.data, Batches) else None
    base = model.base
    if base is not None and base.size:
        size = base.size
    shape = shapes_of(model, size).get(layers[places[0]])
    if shape is not None:
        inputs = shape[2]
    elif base is not None and base.opaque and size is not None:
        channels = 2048 if base.network.startswith(("ResNet", "Inception", "Xception")) else 1280
        inputs = (size // 32) ** 2 * channels
    else:
        return None
    return (dense, inputs, units) if isinstance(units, int) else None


def moving_batch_norm(story: Story) -> Iterator[Finding]:
    """Find batch norm that is trained by accident."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        if not fitted.sure or fitted.model.uncertain:
            continue
        for base in fitted.model.bases:
            learns = [value for one, value in compiled.trains.items() if one.owner is base]
            moves = learns and all(value is True for value in learns)
            known = APPLICATIONS[base.network]
            if not (moves and known.batch_norm and base.weights == "imagenet") or base.uncertain:
                continue
            line = _moved_at(story, fitted, base)
            if line and line not in told:
                told.add(line)
                yield MOVING_BATCH_NORM.found(
                    story.source.where(line),
                    f"line {line} lets the batch norm of {base.network} learn along in the "
                    f"training of line {fitted.line}",
                    "base(x, training=False), or trainable = False of each BatchNormalization",
                )


def _moved_at(story: Story, fitted: Fitted, base: Model) -> int:
    """Return where the batch norm of a base is let loose; 0 where it is held."""
    wrapped = next((one for one in fitted.model.layers if one.model is base), None)
    if wrapped is not None and "call" in wrapped.lines:
        given = wrapped.settings.get("training")
        return wrapped.lines["call"] if given in (None, True) else 0
    mine = set(base.layers)
    opened = [
        one.line
        for one in story.before(fitted)
        if isinstance(one, TrainableSet) and one.value is True and mine & set(one.layers)
    ]
    return opened[-1] if opened else base.line
