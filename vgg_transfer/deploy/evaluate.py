"""How well a run's model does: on its own held-out images again, or on other ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import check_same_averaging, checked
from vgg_transfer.deploy.held_out import calibration_of, held_out
from vgg_transfer.deploy.judge import judge
from vgg_transfer.disk import is_folder
from vgg_transfer.errors import ImageSetError, did_you_mean
from vgg_transfer.evaluation import Metrics
from vgg_transfer.evaluation import evaluate as measure
from vgg_transfer.evaluation.temperature import Calibrated, reliability, tempered
from vgg_transfer.events import Listener, nobody
from vgg_transfer.images import load_images
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.fixing import FIX_CODES
from vgg_transfer.images.image_set import ImageSet
from vgg_transfer.images.pictures import Given
from vgg_transfer.images.splits import Shares, Splitting
from vgg_transfer.recipe import Averaging
from vgg_transfer.run import Run
from vgg_transfer.words import listed, printable


@dataclass(frozen=True)
class Evaluation:
    """Numbers, and on what: ``judged_on`` is a split, or ``all`` for all images of a folder.

    ``averaging`` is the test-time augmentation; ``cautions`` are sentences that a reader of the
    numbers should know. ``calibrated`` says what the run's temperature does to the probabilities,
    where that was asked for; ``metrics`` are then of the probabilities after it.
    """

    metrics: Metrics
    judged_on: str
    source: str
    cautions: tuple[str, ...] = ()
    averaging: Averaging = "none"
    calibrated: Calibrated | None = None


@dataclass(frozen=True)
class _Images:
    paths: tuple[Path, ...]
    labels: tuple[int, ...]
    judged_on: str
    source: str
    cautions: tuple[str, ...] = ()


def evaluate(
    run: Run,
    data: Any = None,
    averaging: Averaging | None = None,
    tfds_dir: Path | str | None = None,
    listen: Listener = nobody,
    fixes: Path | str | None = None,
    calibrated: bool = False,
) -> Evaluation:
    """Measure how well the run's model does.

    Args:
        run: whose model is judged.
        data: a source of images, as ``load_images`` takes it; where it has a test split, its test
            images count, else all of them. Default: the images that were held out from the run.
        averaging: test-time augmentation: ``"flip"`` averages over the mirror image too, a number
            from 1 to 64 over that many augmented views, ``"none"`` over nothing. Default: the
            recipe's ``tta``.
        tfds_dir: where TensorFlow Datasets keeps its data. Default: its own folder.
        listen: hears ``ImagesCounted``. Default: nobody.
        fixes: of `data`: a CSV of images to leave out or to give another label, as ``load_images``
            takes it. Default: none.
        calibrated: whether probabilities are those at the run's temperature, which was fitted on
            its validation images; accuracy stays as it is. Default: False, so that the numbers are
            those of the saved model, and of earlier evaluations.

    Raises:
        RunError: images of the run are not there any more, or are other ones; or there is nothing
            to fit a temperature on.
        ImageSetError: the data cannot be used, or has classes that the run does not know; or fixes
            are given without data.
        RecipeError: the run's recipe has nothing to render views with.
    """
    averaging = checked(averaging, run.recipe)
    if fixes is not None and data is None:
        raise ImageSetError(
            "The images held out from a run are judged as they were, without the fixes "
            f'"{printable(fixes)}": give data to fix, or no fixes.'
        )
    calibration = None
    if calibrated:
        check_same_averaging(run, averaging)
        calibration = calibration_of(run, listen)
    images = _held_out(run) if data is None else _of_source(run, data, tfds_dir, fixes)
    answers = judge(run, [Given(path) for path in images.paths], averaging, listen)
    rows = [_readable(path, one) for path, one in zip(images.paths, answers, strict=True)]
    labels, found = np.array(images.labels), np.stack(rows)
    changed, cautions = None, images.cautions
    if calibration is not None:
        before, found = found, tempered(found, calibration.temperature)
        changed = Calibrated(calibration, reliability(labels, before), reliability(labels, found))
        cautions += _of_calibration(images)
    metrics = measure(labels, found, run.class_names)
    return Evaluation(metrics, images.judged_on, images.source, cautions, averaging, changed)


def _of_calibration(images: _Images) -> tuple[str, ...]:
    if images.judged_on != "val":
        return ()
    return ("The temperature was fitted on these images: what it does to others is less.",)


def _held_out(run: Run) -> _Images:
    """Return the images of the run's own held-out split, checked to be the same as then."""
    split = run.judged_on or ("test" if run.split("test") else "val")
    rows = held_out(run, split)
    cautions = ("These images also chose the weights: the result flatters.",)
    return _Images(
        paths=tuple(Path(run.image_set.root) / row.path for row in rows),
        labels=tuple(run.class_names.index(row.class_name) for row in rows),
        judged_on=split,
        source=run.image_set.source,
        cautions=cautions if split == "val" else (),
    )


def _of_source(
    run: Run, data: Any, tfds_dir: Path | str | None, fixes: Path | str | None
) -> _Images:
    """Return the images of a source with the labels that the run gives their classes."""
    nothing_drawn = Splitting(Shares(0, 0))  # a test split counts where the source gives one
    image_set = load_images(
        data, splitting=nothing_drawn, tfds_dir=tfds_dir, least_classes=1, fixes=fixes
    )
    _check_classes(run, data, image_set)
    test = image_set.split("test")
    records = test or image_set.records
    label_of = [run.class_names.index(name) for name in image_set.class_names]
    cautions = [one.seen for one in image_set.findings if one.code in FIX_CODES]
    present = {image_set.class_names[record.label] for record in records}
    if len(present) == 1:
        cautions.append(
            f"All of these images are {listed(present)}: the accuracy is the recall of this class "
            "alone. Precision, F1, ROC AUC and a majority to compare with need two classes."
        )
    folders = {record.path.parent for record in records}
    skipped = [one.path for one in image_set.skipped if not test or one.path.parent in folders]
    if skipped:
        cautions.append(f"Not readable as images, so left out: {listed(skipped)}.")
    known = {row.digest for split in ("train", "val") for row in run.split(split)}
    seen = sum(record.digest in known for record in records)
    if seen:
        several = f"{seen} of these {len(records)} images {'was' if seen == 1 else 'were'}"
        cautions.append(
            f"{several if len(records) > 1 else 'This image was'} trained on or chose the weights: "
            "the result flatters. Without a folder, only images held out from the run are judged."
        )
    return _Images(
        paths=tuple(record.path for record in records),
        labels=tuple(label_of[record.label] for record in records),
        judged_on="test" if test else "all",
        source=image_set.source,
        cautions=tuple(cautions),
    )


def _readable(path: Path, answer: NDArray[Any] | Undecodable) -> NDArray[Any]:
    if isinstance(answer, Undecodable):
        raise ImageSetError(
            f'the image "{printable(path)}" was readable when the folder was scanned and is not '
            f"any more: {answer}. Put it back and evaluate again"
        )
    return answer


def _check_classes(run: Run, data: Any, image_set: ImageSet) -> None:
    unknown = [name for name in image_set.class_names if name not in run.class_names]
    if not unknown:
        return
    hint = did_you_mean(unknown[0], run.class_names)
    inside = Path(data) / unknown[0] if isinstance(data, Path | str) else None
    if inside and any(is_folder(inside / name) for name in run.class_names):
        hint = f' Did you mean "{printable(inside)}"?'
    shown = printable(data) if isinstance(data, Path | str) else image_set.source
    raise ImageSetError(
        f'"{shown}" has classes that the run does not know: {listed(unknown)}. '
        f"The run knows {listed(run.class_names)}.{hint}"
    )
