"""Layers of the script's own: whether they can learn, and are not far too many."""

from collections.abc import Iterator
from dataclasses import replace

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.recipes.heads import LARGE_HEAD
from vgg_transfer.doctor.scripts.applications import APPLICATIONS
from vgg_transfer.doctor.scripts.networks import Layer, Model
from vgg_transfer.doctor.scripts.pictures import Batches
from vgg_transfer.doctor.scripts.rules.ending import activation_of, trained
from vgg_transfer.doctor.scripts.story import Compiled, Fitted, Story
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
    "All units of such a layer compute the same and get the same gradient, so they stay one unit for "
    "ever.",
    "kernel_initializer of zeros, ones or a constant. A warning at the output, where the units get "
    "different gradients by their classes.",
)
MOVING_BATCH_NORM = Entry(
    "moving-batch-norm",
    "warning",
    "Batch norm of a pretrained base that trains along",
    "Called without training=False, its means and deviations become those of a few batches as soon "
    "as the base is not frozen, and what the weights behind them know is gone.",
    "A base with batch norm and ImageNet weights that is called like a layer without training=False, "
    "and whose layers learn in a training.",
)
_MANY = 10_000_000
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
                yield replace(finding, severity="warning") if layer is last else finding


def large_head(story: Story) -> Iterator[Finding]:
    """Find a head of many millions of weights that nothing holds back."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        model = fitted.model
        if not model.plain or model.branched or not model.bases:
            continue
        found = _widest(model, fitted)
        if found is None:
            continue
        layer, inputs, units = found
        held = any(one.kind in ("Dropout", "SpatialDropout2D") for one in model.head)
        held = held or any(one.settings.get("kernel_regularizer") is not None for one in model.head)
        data = fitted.data if isinstance(fitted.data, Batches) else None
        images = data.pictures.count if data else None
        weights = inputs * units
        few = (
            images is not None
            and weights > 2 * images + inputs
            and not held
            and weights > 100 * images
        )
        if (
            layer.line in told
            or not (weights > _MANY or few)
            or compiled.trains.get(layer) is False
        ):
            continue
        told.add(layer.line)
        of = f" for {images:,} images" if images else ""
        yield LARGE_HEAD.found(
            story.source.where(layer.line),
            f"Dense({units}) on line {layer.line} behind Flatten has {weights:,} weights{of}",
            "GlobalAveragePooling2D() in the place of Flatten()",
        )


def _widest(model: Model, fitted: Fitted) -> tuple[Layer, int, int] | None:
    """Return the dense layer behind a flattened base, how many numbers it reads, and its units."""
    head = [
        one for one in model.head if one.kind not in ("Dropout", "BatchNormalization", "Activation")
    ]
    if len(head) < 2 or head[0].kind != "Flatten" or head[1].kind != "Dense":
        return None
    base, units = model.base, head[1].settings.get("units")
    size = base.size if base else None
    if size is None and isinstance(fitted.data, Batches):
        size = fitted.data.pictures.size
    if base is None or size is None or not isinstance(units, int):
        return None
    channels = 512 if base.network.startswith("VGG") else 1280
    if base.network.startswith(("ResNet", "Inception", "Xception")):
        channels = 2048
    return head[1], (size // 32) ** 2 * channels, units


def moving_batch_norm(story: Story) -> Iterator[Finding]:
    """Find batch norm that is trained by accident."""
    told: set[int] = set()
    for fitted, compiled in trained(story):
        if not fitted.sure or fitted.model.uncertain:
            continue
        for layer in fitted.model.layers:
            base = layer.model
            if (
                base is None
                or base.kind != "application"
                or not APPLICATIONS[base.network].batch_norm
            ):
                continue
            training = layer.settings.get("training")
            learns = any(
                value is True for one, value in compiled.trains.items() if one.owner is base
            )
            sequential = fitted.model.kind == "sequential"
            if (
                not learns
                or base.weights != "imagenet"
                or training not in (None, True)
                or sequential
            ):
                continue
            line = layer.lines.get("call", layer.line)
            if line not in told:
                told.add(line)
                yield MOVING_BATCH_NORM.found(
                    story.source.where(line),
                    f"{base.network} is called on line {line} without training=False, and its layers "
                    f"learn in the training of line {fitted.line}",
                    "base(x, training=False)",
                )
