"""A run's model that stays ready to be asked, picture by picture, as ``predict`` would answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import check_same_averaging
from vgg_transfer.deploy.familiar import blocks_of
from vgg_transfer.deploy.judge import asking
from vgg_transfer.deploy.predict import Asked, asked_of, prediction_of
from vgg_transfer.errors import RecipeError
from vgg_transfer.events import Listener, nobody
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.squares import Floats, Resize
from vgg_transfer.recipe import Averaging
from vgg_transfer.run import Prediction, Run


@dataclass(frozen=True)
class RunClassifier:
    """A run's model and what its answers are read with; a ``Classifier``.

    Args:
        run: whose model is asked.
        averaging: ``"none"``, or ``"flip"`` for the mirror image too.
        asked: what is said beside classes.
    """

    run: Run
    averaging: Averaging
    asked: Asked

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        return self.run.class_names

    @property
    def size(self) -> int:
        """The side of the squares that it looks at, in pixels."""
        return self.run.recipe.size

    @property
    def resize(self) -> Resize:
        """How pictures become squares."""
        return self.run.recipe.resize

    @cached_property
    def _model(self) -> Callable[[Floats], NDArray[np.float32]]:
        return asking(self.run, blocks_of(self.run) if self.asked.familiarity else ())

    def rows(self, squares: Floats) -> Floats:
        """Return for each square a row of numbers, of which ``said`` makes an answer."""
        if self.averaging != "flip":
            return self._model(squares)
        both = self._model(np.concatenate([squares, squares[:, :, ::-1]]))
        return np.asarray(both.reshape(2, len(squares), -1).mean(axis=0), np.float32)

    def probabilities(self, squares: Floats) -> Floats:
        """Return a row of probabilities of all classes for each square of pixels."""
        return self.rows(squares)[:, : len(self.class_names)]

    def said(self, name: str, row: Floats) -> Prediction:
        """Return what the row of a picture says."""
        return prediction_of(Given(name), self.class_names, row, self.asked)


def classifier_of(
    run: Run,
    averaging: Averaging | None = None,
    calibrated: bool = False,
    certain: float | None = None,
    unfamiliar: bool = False,
    listen: Listener = nobody,
) -> RunClassifier:
    """Return a run's model, ready to be asked.

    Args:
        run: whose model is asked.
        averaging: ``"flip"`` averages over the mirror image too, ``"none"`` over nothing.
            [default: the recipe's ``tta``]
        calibrated: as ``predict`` takes it. [default: False]
        certain: as ``predict`` takes it. [default: None]
        unfamiliar: as ``predict`` takes it. [default: False]
        listen: hears ``ImagesCounted`` where images of the run have to be looked at. [default:
            nobody]

    Raises:
        RecipeError: augmented views are to be averaged over: they follow from files; or how sure it
            is was measured with other renderings.
        RunError: the model is missing or damaged, or there is nothing to measure on how sure it is.
    """
    meant = run.recipe.tta if averaging is None else averaging
    if isinstance(meant, int):
        raise RecipeError(
            f"this run answers by the average over {meant} augmented views of each file, which is "
            'not done for one picture at a time: ask for "flip" or "none" (--tta)'
        )
    if calibrated or certain is not None or unfamiliar:
        check_same_averaging(run, meant)
    ready = RunClassifier(run, meant, asked_of(run, calibrated, certain, unfamiliar, listen))
    blank = np.zeros((2, ready.size, ready.size, 3), np.float32)
    for number in (1, 2):  # read now, and compiled for one and for several
        ready.rows(blank[:number])
    return ready
