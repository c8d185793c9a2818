"""What a service needs of whatever it serves, as a value."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vgg_transfer.artefacts import Classifier
from vgg_transfer.images.squares import Floats, Resize
from vgg_transfer.run import Prediction


@dataclass(frozen=True)
class Example:
    """A picture to try the model on: its name, its kind (``image/jpeg``), and its file."""

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True)
class Served:
    """Something that answers.

    Args:
        name: what it is called.
        class_names: the classes that it knows.
        size: the side of the squares that it looks at, in pixels.
        resize: how pictures become squares.
        rows: a row of numbers for each square, asked by one thread at a time.
        said: what the row of a picture of some name says.
        heat: where a square speaks for its answer, from 0 to 1, laid over a picture of the height
            and width given; asked by the same thread. [default: None, it cannot be told]
        no_heat: why it cannot be told. [default: nothing is said]
        tried: what was found when heat was tried. [default: it was not]
        examples: pictures to try it on. [default: none]
    """

    name: str
    class_names: tuple[str, ...]
    size: int
    resize: Resize
    rows: Callable[[Floats], Floats]
    said: Callable[[str, Floats], Prediction]
    heat: Callable[[Floats, tuple[int, int]], Floats] | None = None
    no_heat: str = ""
    tried: str = ""
    examples: tuple[Example, ...] = ()


def served_classifier(
    classifier: Classifier, name: str, no_heat: str = "", examples: tuple[Example, ...] = ()
) -> Served:
    """Return a classifier as it is served: it says how likely each class is, and no more.

    Args:
        classifier: what answers.
        name: what it is called.
        no_heat: why it cannot be told what its answers hang on. [default: nothing is said]
        examples: pictures to try it on. [default: none]
    """
    names = classifier.class_names

    def said(picture: str, row: Floats) -> Prediction:
        order = np.argsort(-row, kind="stable").tolist()
        return Prediction(picture, names[order[0]], {names[one]: float(row[one]) for one in order})

    return Served(
        name,
        names,
        classifier.size,
        classifier.resize,
        classifier.probabilities,
        said,
        no_heat=no_heat,
        examples=examples,
    )
