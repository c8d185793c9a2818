"""What a run's model says about images."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vgg_transfer.deploy.averaging import check_same_averaging, checked
from vgg_transfer.deploy.familiar import Familiarity, blocks_of, familiarity_of
from vgg_transfer.deploy.held_out import calibration_of, validation_answers
from vgg_transfer.deploy.judge import Answer, asking, judge_each
from vgg_transfer.errors import RecipeError
from vgg_transfer.evaluation import Calibration
from vgg_transfer.evaluation.certainty import Certainty, certainty
from vgg_transfer.evaluation.temperature import tempered
from vgg_transfer.events import Listener, nobody
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given, each_given, given
from vgg_transfer.recipe import Averaging
from vgg_transfer.run.values import Pictures, Prediction, Run


def predict(
    run: Run,
    images: Pictures,
    averaging: Averaging | None = None,
    listen: Listener = nobody,
    calibrated: bool = False,
    certain: float | None = None,
    unfamiliar: bool = False,
) -> list[Prediction]:
    """Say what is on images, with the run's model.

    Files are decoded a batch at a time. ``predict_each`` answers for any number of them.

    Args:
        run: whose model is asked.
        images: an image file, a folder of them (with all folders in it), a pattern
            (``"photos/**/*.jpg"``), the bytes of a file, a PIL picture, an array of pixels (height,
            width, 3; uint8, or floats from 0 to 255), or a list of any of these.
        averaging: test-time augmentation: ``"flip"`` averages over the mirror image too, a number
            from 1 to 64 over that many augmented views, ``"none"`` over nothing. Default: the
            recipe's ``tta``.
        listen: hears ``ImagesCounted``. Default: nobody.
        calibrated: whether probabilities are those at the run's temperature, which keep what they
            promise; answers stay as they are. Default: False, the numbers of the saved model.
        certain: the share of pictures, above 0 and below 1, whose true class is among ``possible``,
            and the share of single answers, where they are ``sure``, that are right. Both hold for
            pictures like the run's validation images. Default: None, nothing is said of it.
        unfamiliar: whether it is said which pictures are unlike anything the run was trained on.
            When that is first asked of a run, its training and validation images are looked at, and
            what the model makes of them is kept in the run folder. Default: False.

    Returns:
        One prediction for each file or picture, in the order given, each file once. A file that
        cannot be read is among them, with the reason.

    Raises:
        ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
        RecipeError: the run's recipe has nothing to render views with, or how sure it is was
            measured with other renderings.
        RunError: the model is missing or damaged, or there is nothing to measure on how sure it is.
    """
    answer = answering(run, averaging, listen, calibrated, certain, unfamiliar)
    return list(answer(given(images)))


def predict_each(
    run: Run,
    images: Pictures,
    averaging: Averaging | None = None,
    listen: Listener = nobody,
    calibrated: bool = False,
    certain: float | None = None,
    unfamiliar: bool = False,
) -> Iterator[Prediction]:
    """Say what is on images one after another, however many there are.

    As ``predict`` does, but what a folder or a pattern (``"photos/**/*.jpg"``) holds is looked for,
    decoded and answered a few batches at a time: memory does not grow with the number of images.

    Args:
        run: whose model is asked.
        images: as ``predict`` takes them.
        averaging: test-time augmentation, as for ``predict``. Default: the recipe's ``tta``.
        listen: hears ``ImagesCounted``, without a total where there are folders. Default: nobody.
        calibrated: as for ``predict``. Default: False.
        certain: as for ``predict``. Default: None.
        unfamiliar: as for ``predict``. Default: False.

    Returns:
        The predictions of ``predict``, in its order, as they are computed.

    Raises:
        ImageSetError: as ``predict`` does at once; a folder that cannot be read when it is reached.
        RecipeError: as ``predict`` does.
        RunError: as ``predict`` does.
    """
    answer = answering(run, averaging, listen, calibrated, certain, unfamiliar)
    return answer(each_given(images))


def answering(
    run: Run,
    averaging: Averaging | None,
    listen: Listener,
    calibrated: bool,
    certain: float | None,
    unfamiliar: bool,
) -> Callable[[Iterable[Given]], Iterator[Prediction]]:
    """Return what answers for pictures, any number of times; the run's model is loaded once.

    Args:
        run: whose model is asked.
        averaging: as for ``predict``, as are all others.
        listen: hears ``ImagesCounted``.
        calibrated: whether probabilities are those at the run's temperature.
        certain: at which certainty ``possible`` and ``sure`` are said; None: not at all.
        unfamiliar: whether ``familiar`` is said.
    """
    meant = checked(averaging, run.recipe)
    if calibrated or certain is not None or unfamiliar:
        check_same_averaging(run, meant)
    asked = asked_of(run, calibrated, certain, unfamiliar, listen)
    ask = asking(run, blocks_of(run) if unfamiliar else ())

    def answer(pictures: Iterable[Given]) -> Iterator[Prediction]:
        for picture, row in judge_each(ask, run.recipe, pictures, meant, listen):
            yield prediction_of(picture, run.class_names, row, asked)

    return answer


@dataclass(frozen=True)
class Asked:
    """What is asked for beside classes and probabilities; None of what is not."""

    calibration: Calibration | None
    certainty: Certainty | None
    familiarity: Familiarity | None


def asked_of(
    run: Run, calibrated: bool, certain: float | None, unfamiliar: bool, listen: Listener
) -> Asked:
    """Return what is asked for beside classes, as ``predict`` takes it, measured on the run."""
    if certain is not None and not 0 < certain < 1:
        raise RecipeError(
            f"certainty is a share of images, above 0 and below 1; received {certain:g}. For 95 in "
            "100 give 0.95"
        )
    return Asked(
        calibration_of(run, listen) if calibrated else None,
        None if certain is None else certainty(*validation_answers(run, listen), certain),
        familiarity_of(run, listen) if unfamiliar else None,
    )


def prediction_of(
    picture: Given,
    class_names: Sequence[str],
    answer: Answer,
    asked: Asked,
) -> Prediction:
    """Return what a picture's row of numbers, or the reason that there is none, says."""
    if isinstance(answer, Undecodable):
        return Prediction(picture.path, None, {}, str(answer))
    row, features = np.split(answer, [len(class_names)])
    order = sorted(range(len(row)), key=lambda label: -row[label])
    shares = row if asked.calibration is None else tempered(row, asked.calibration.temperature)
    certain, familiar = asked.certainty, asked.familiarity
    return Prediction(
        picture.path,
        class_names[order[0]],
        {class_names[label]: float(shares[label]) for label in order},
        possible=tuple(class_names[label] for label in order if row[label] >= certain.least)
        if certain
        else None,
        sure=certain.is_sure(row[order[0]]) if certain else None,
        familiar=bool(familiar.familiar(features[np.newaxis])[0]) if familiar else None,
    )
