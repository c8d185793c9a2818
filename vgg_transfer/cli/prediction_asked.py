"""Whose model ``predict`` asks, and for what: a run's, or an exported one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vgg_transfer.artefacts import answer_each, open_artefact, read_artefact
from vgg_transfer.cli.display.screen import Screen
from vgg_transfer.cli.prediction_files import Form, form_of, told
from vgg_transfer.cli.quiet import load_tensorflow
from vgg_transfer.events import Listener
from vgg_transfer.images.pictures import Given, digest_of
from vgg_transfer.recipe import Averaging
from vgg_transfer.run import Prediction, Run

if TYPE_CHECKING:
    from vgg_transfer.cli.json.answers import PredictedFile

Answer = Callable[[Iterable[Given]], Iterator[Prediction]]


@dataclass(frozen=True)
class Asked:
    """Whose model is asked, and for what.

    Args:
        folder: of the run, or of the exported model.
        form: what is told of each file.
        decides: what decides the answers, as values that can be written down.
        load: loads what takes seconds, where it is needed.
        open: gives what answers for pictures.
        warn: says what a person should know about the model.
    """

    folder: Path
    form: Form
    decides: Mapping[str, object]
    load: Callable[[], None]
    open: Callable[[Listener], Answer]
    warn: Callable[[Screen], None]


def asked_of_run(
    run: Run,
    averaging: Averaging | None,
    calibrated: bool,
    certain: float | None,
    unfamiliar: bool,
    top: int,
) -> Asked:
    """Return a run that is asked as ``vt.predict`` asks it, for so many classes."""

    def opened(listen: Listener) -> Answer:
        from vgg_transfer.deploy.predict import answering

        return answering(run, averaging, listen, calibrated, certain, unfamiliar)

    def warn(screen: Screen) -> None:
        from vgg_transfer.cli.display.metrics import warn_unfinished

        warn_unfinished(screen, run)

    form = form_of(len(run.class_names), top, certain, unfamiliar)
    decides = {
        "model": digest_of(run.model_file),
        "top": form.classes,
        "tta": run.recipe.tta if averaging is None else averaging,
        "calibrated": calibrated,
        "certain": certain,
        "unfamiliar": unfamiliar,
    }
    return Asked(run.folder, form, decides, load_tensorflow, opened, warn)


def asked_of_artefact(folder: Path, top: int) -> Asked:
    """Return an exported model that is asked for so many classes.

    Raises:
        ArtefactError: it is damaged.
    """
    artefact = read_artefact(folder)

    def load() -> None:
        if artefact.needs_tensorflow:
            load_tensorflow()

    def opened(listen: Listener) -> Answer:
        exported = open_artefact(folder)
        return lambda pictures: answer_each(exported, pictures, listen)

    form = form_of(len(artefact.class_names), top, None, False)
    decides = {"model": artefact.digest, "top": form.classes}
    return Asked(folder, form, decides, load, opened, lambda _: None)


def answering(
    asked: Asked, listen: Listener
) -> Callable[[Iterable[Given]], "Iterator[PredictedFile]"]:
    """Return what tells of pictures what is on them."""
    answer = asked.open(listen)
    return lambda pictures: (told(each, asked.form) for each in answer(pictures))
