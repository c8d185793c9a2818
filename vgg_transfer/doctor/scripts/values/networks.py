"""Layers, tensors and models of a script, as far as its text says what they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from vgg_transfer.doctor.scripts.values.kinds import WEIGHTLESS


@dataclass(eq=False)
class Layer:
    """A layer, or a model that is used as one.

    Args:
        kind: its class: ``Dense``; ``Preprocess`` and ``Operation`` are calculations on tensors.
        line: where it was made.
        settings: its arguments by name.
        name: its name where it is known.
        trainable: whether it learns, as far as it says itself; may be unknown.
        owner: the model of a library that it is part of.
        model: the model that it is.
        lines: where its arguments stand.
    """

    kind: str
    line: int
    settings: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    trainable: Any = True
    owner: "Model | None" = None
    model: "Model | None" = None
    lines: dict[str, int] = field(default_factory=dict)
    tensor: "Tensor | None" = None

    def __repr__(self) -> str:
        return f"Layer({self.kind}, {self.name})"

    @property
    def has_weights(self) -> bool:
        """Whether there is something to train in it."""
        if self.model is not None:
            return any(one.has_weights for one in self.model.layers)
        return self.kind not in WEIGHTLESS

    @property
    def shown(self) -> str:
        """What it is called in a sentence."""
        return self.name or self.kind.lower()

    def line_of(self, name: str) -> int:
        """Return where one of its arguments stands, else where it was made."""
        return self.lines.get(name, self.line)


@dataclass(eq=False)
class Tensor:
    """What comes out of a layer; ``training`` is what the layer was called with."""

    layer: Layer
    inputs: tuple["Tensor", ...] = ()
    line: int = 0
    training: Any = None


@dataclass(eq=False)
class Model:
    """A model.

    Args:
        counted: how many layers it has, those of inner models counted in.
        fields: of a class of the script, what its objects hold.
        kind: ``application``, ``functional``, ``sequential``, ``subclass`` or ``loaded``.
        line: where it was made.
        layers: its layers in order; of an opaque one those that the script speaks of.
        output: the tensor that it ends with, where it is functional.
        network: of an application, its name: ``VGG16``.
        weights: of an application: ``"imagenet"``, None, or another text.
        opaque: whether there are layers that are not listed one by one.
        taught: the model that its weights were taken from.
        unsure: how many tests of something unknown it was made behind.
        uncertain: whether somebody else may have changed it, so that nothing is said of it.
    """

    kind: str
    line: int
    layers: list[Layer] = field(default_factory=list)
    output: Tensor | None = None
    name: str = ""
    network: str = ""
    weights: Any = None
    size: int | None = None
    trainable: Any = True
    opaque: bool = False
    uncertain: bool = False
    loaded: bool = False
    compiled: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    outputs: int = 1
    branched: bool = False
    counted: int = 0
    taught: "Model | None" = None
    unsure: int = 0
    fields: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Model({self.kind} {self.network}, line {self.line})"

    @property
    def plain(self) -> bool:
        """Whether all of it is known, from its input to its only output."""
        return self.kind != "loaded" and not self.uncertain and self.outputs == 1

    @property
    def all_layers(self) -> Iterator[Layer]:
        """Its layers and those of the models inside, in order."""
        for layer in self.layers:
            if layer.model is None:
                yield layer
            else:
                yield from layer.model.all_layers

    @property
    def bases(self) -> tuple["Model", ...]:
        """The networks of a library in it, from the input on."""
        own = [self] if self.kind == "application" else []
        found = [*own]
        for layer in self.layers:
            if layer.model is not None:
                found += layer.model.bases
            elif layer.owner is not None:
                found.append(layer.owner)
        return tuple(dict.fromkeys(found))

    @property
    def base(self) -> "Model | None":
        """The one network of a library in it; None where there is none, or several."""
        return self.bases[0] if len(self.bases) == 1 else None

    def own(self, layer: Layer) -> bool:
        """Return whether a layer is the script's, not part of a library's network."""
        return layer.owner is None and layer.model is None

    @property
    def head(self) -> tuple[Layer, ...]:
        """The layers of the script behind the network of a library; all where there is none."""
        layers = list(self.layers)
        if (
            len(layers) == 1
            and layers[0].model is not None
            and layers[0].model.kind != "application"
        ):
            return layers[0].model.head
        last = max((n for n, one in enumerate(layers) if not self.own(one)), default=-1)
        if (
            last >= 0
            and (inside := layers[last].model) is not None
            and inside.kind != "application"
        ):
            return (*inside.head, *layers[last + 1 :])
        return tuple(layers[last + 1 :])

    @property
    def before(self) -> tuple[Layer, ...]:
        """The layers in front of the network of a library, or of the first with weights."""
        found: list[Layer] = []
        for layer in self.layers:
            if layer.model is not None and layer.model.kind != "application":
                inner = layer.model.before
                found += inner
                if any(one.has_weights for one in layer.model.all_layers):
                    break
            elif layer.owner is not None or layer.model is not None or layer.has_weights:
                if layer.kind != "InputLayer":
                    break
            else:
                found.append(layer)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of a model, taken out of it."""

    of: Model


def layers_of(output: Tensor) -> tuple[list[Layer], bool]:
    """Return the layers that a tensor comes from, in order, and whether the way branches."""
    found: dict[Layer, None] = {}
    branched = False
    waiting: list[tuple[Tensor, bool]] = [(output, False)]
    seen: set[int] = set()
    while waiting:
        tensor, done = waiting.pop()
        if done:
            found[tensor.layer] = None
            continue
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        branched = branched or len(tensor.inputs) > 1
        waiting.append((tensor, True))
        waiting += [(one, False) for one in reversed(tensor.inputs)]
    return list(found), branched


class LayerList(list[Layer]):
    """The list of a model's layers, which Keras makes anew each time that it is asked for.

    ``kept`` says that the script keeps it under a name, and may change it and use what is left.
    """

    def __init__(self, model: Model) -> None:
        super().__init__(model.layers)
        self.model = model
        self.kept = False
