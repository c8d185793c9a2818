"""Starting weights from a run: its base, its head where that fits, and how it is given pixels."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from vgg_transfer.errors import WeightsError
from vgg_transfer.run import Channels, read
from vgg_transfer.run.refusing import check_model
from vgg_transfer.words import excerpt, printable

_OUTPUT = "head_output"


@dataclass(frozen=True)
class OfRun:
    """What a run's model is made of.

    Args:
        layers: the arrays of each layer, by its name.
        class_names: in the order of its outputs.
        preprocess: as its recipe has it.
        channels: what it standardizes by, where it does.
    """

    layers: Mapping[str, tuple[NDArray[np.float32], ...]]
    class_names: tuple[str, ...]
    preprocess: str
    channels: Channels | None

    @property
    def digest(self) -> str:
        """The sha256 of all arrays, in the order of their layers' names."""
        digest = hashlib.sha256()
        for name in sorted(self.layers):
            for value in self.layers[name]:
                digest.update(f"{name}{value.shape}".encode())
                digest.update(np.ascontiguousarray(value, dtype="<f4").tobytes())
        return digest.hexdigest()

    def for_classes(self, class_names: Sequence[str]) -> "OfRun":
        """Return the same with the outputs in the order of these classes.

        Where classes are others, the output layer is left out: it is drawn anew.
        """
        if tuple(class_names) == self.class_names:
            return self
        layers = dict(self.layers)
        output = layers.pop(_OUTPUT)
        if set(class_names) == set(self.class_names):
            kernel, bias = output
            if len(bias) == 1:  # one unit for the second of two classes
                layers[_OUTPUT] = (-kernel, -bias)
            else:
                places = [self.class_names.index(name) for name in class_names]
                layers[_OUTPUT] = (kernel[:, places], bias[places])
        return replace(self, layers=layers, class_names=tuple(class_names))

    def put_into(
        self, blocks: Mapping[str, tuple[keras.Layer, ...]], preprocess: str, source: str
    ) -> None:
        """Give layers the weights of the run's layers of the same name.

        The base has to be the run's; of the head what fits is taken.

        Raises:
            WeightsError: the base is another one, or receives other pixels.
        """
        if preprocess != self.preprocess:
            raise WeightsError(
                f'the weights from {source} were trained with preprocess = "{self.preprocess}", '
                f'and the recipe has "{preprocess}": set preprocess = "{self.preprocess}"'
            )
        for block, layers in blocks.items():
            for layer in layers:
                here = [tuple(one.shape) for one in layer.weights]
                there = [one.shape for one in self.layers.get(layer.name, ())]
                if here and here == there:
                    layer.set_weights(list(self.layers[layer.name]))
                elif here != there and block != "head":
                    raise WeightsError(
                        f"the weights from {source} are of another base: {layer.name} has the "
                        f"shapes {there or 'of nothing'} there and {here} here: set base as in "
                        "that run's recipe.toml"
                    )


def read_run_weights(folder: Path) -> OfRun:
    """Return what the model of a run is made of.

    Raises:
        RunError: it is no run, or has no model.
        WeightsError: its model cannot be read.
    """
    run = read(folder)
    check_model(run)
    try:
        model = keras.saving.load_model(run.model_file, compile=False)
    except Exception as error:  # Keras raises nearly anything for a damaged file
        raise WeightsError(
            f'the model "{printable(run.model_file)}" is damaged: {excerpt(str(error), 300)}'
        ) from error
    layers = {
        layer.name: tuple(np.asarray(one, np.float32) for one in layer.get_weights())
        for layer in model.layers
        if layer.weights
    }
    return OfRun(layers, run.class_names, run.recipe.preprocess, run.channels)
