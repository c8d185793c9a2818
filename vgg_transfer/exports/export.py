"""From a run to models that others can run, each proved before it is there."""

import shutil
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import keras
import numpy as np

from vgg_transfer.artefacts import open_artefact
from vgg_transfer.artefacts.artefact import Artefact, digest_of_model, write_artefact
from vgg_transfer.artefacts.runtimes import MODELS, Format
from vgg_transfer.deploy.held_out import calibration_of
from vgg_transfer.deploy.judge import judge
from vgg_transfer.errors import ArtefactError, did_you_mean
from vgg_transfer.evaluation.temperature import tempered
from vgg_transfer.events import Listener, Said, nobody
from vgg_transfer.exports.card import write_card
from vgg_transfer.exports.formats import TOLERANCES, Source, check_makers, write_model
from vgg_transfer.exports.fresh import check_in_new_process
from vgg_transfer.exports.held_out import accuracy_kept, ranges_from
from vgg_transfer.exports.made import Made
from vgg_transfer.exports.references import Known, choose_references, write_references
from vgg_transfer.exports.shipped import shipped
from vgg_transfer.images.decode import Undecodable
from vgg_transfer.images.pictures import Given
from vgg_transfer.run import Run
from vgg_transfer.run.folder import check_free
from vgg_transfer.training.devices import needs_tensorflow
from vgg_transfer.words import excerpt, printable
from vgg_transfer.writing import safe_name, whole_folder

# The run's own model may compute in bfloat16, and the exported one does not.
_LIKE_THE_RUN = 0.05


def export(
    run: Run,
    formats: Sequence[str],
    out: Path | str | None = None,
    calibrated: bool = False,
    fold: bool = False,
    margin: float = 1.0,
    photographs: bool = True,
    listen: Listener = nobody,
) -> tuple[Made, ...]:
    """Write a run's model for other programs: raw pixels of any size in, probabilities out.

    Beside each model lie reference pictures with their answers, by which it is checked in a new
    process before its folder appears; one that is wrong leaves nothing. ``vgg-transfer check``
    repeats that anywhere.

    Args:
        run: whose model is exported; in float32, whatever it was trained in.
        formats: ``keras``, ``saved_model``, ``onnx``, ``litert``, ``litert-int8``, ``openvino``,
            ``openvino-int8``.
        out: a folder for the folders of the formats. [default: exports/NAME-OF-THE-RUN]
        calibrated: whether probabilities are those at the run's temperature. [default: False]
        fold: whether batch norm is merged into the layers before it. [default: False]
        margin: how many points of accuracy int8 may lose on the run's validation images.
            [default: 1]
        photographs: whether references are validation images of the run, which then travel with
            the model. [default: True; else they are drawn patterns]
        listen: is told what is done. [default: nobody]

    Returns:
        What was made, in the order of the formats.

    Raises:
        ArtefactError: a format is unknown, its packages are missing, or a model failed its check.
        RunError: the run has no model, or the folder is taken, or Keras computes without
            TensorFlow.
    """
    needs_tensorflow("models are exported with")
    kinds = _read_formats(formats)
    place = default_folder(run) if out is None else Path(out)
    for kind in kinds:
        check_free(place / kind)
    check_makers(kinds)
    temperature = calibration_of(run, listen).temperature if calibrated else 1.0
    listen(Said("asks the run's model about the reference pictures"))
    known = choose_references(run, shipped(run, temperature), photographs)
    _check_like_the_run(run, known, temperature)

    def model(plain: bool) -> keras.Model:
        return shipped(run, temperature, fold, plain)

    @cache
    def squares() -> np.ndarray:
        return ranges_from(run)

    recipe = run.recipe
    source = Source(model, run.class_names, recipe.size, recipe.resize, squares)
    return tuple(
        _made(run, kind, source, place / kind, known, temperature, margin, listen) for kind in kinds
    )


def default_folder(run: Run) -> Path:
    """Return a folder under exports/ that is named after the run."""
    return Path("exports") / safe_name(run.folder.absolute().name)


def _read_formats(formats: Sequence[str]) -> tuple[Format, ...]:
    for one in formats:
        if one not in MODELS:
            raise ArtefactError(
                f'there is no format "{excerpt(one)}": there are {", ".join(MODELS)}.'
                f"{did_you_mean(one, MODELS)}"
            )
    if not formats:
        raise ArtefactError(f"no format was named: there are {', '.join(MODELS)}")
    return tuple(dict.fromkeys(one for one in MODELS if one in formats))


def _check_like_the_run(run: Run, known: tuple[Known, ...], temperature: float) -> None:
    """Refuse to export where the model that was rebuilt is not the one that was measured."""
    pictures = [Given(f"reference {place}", one.pixels) for place, one in enumerate(known)]
    for one, row in zip(known, judge(run, pictures, "none", nobody), strict=True):
        differs = isinstance(row, Undecodable) or (
            np.abs(tempered(row, temperature) - one.probabilities).max() > _LIKE_THE_RUN
        )
        if differs:
            raise ArtefactError(
                f'the model of "{printable(run.folder)}" rebuilt in float32 does not say what the '
                "run says: please report this, with the run's recipe.toml"
            )


def _made(
    run: Run,
    kind: Format,
    source: Source,
    folder: Path,
    known: tuple[Known, ...],
    temperature: float,
    margin: float,
    listen: Listener,
) -> Made:
    """Write one format, and prove it."""
    listen(Said(f"writes {kind}"))
    with whole_folder(folder) as partial:
        write_model(kind, source, partial)
        artefact = Artefact(
            format=kind,
            class_names=run.class_names,
            size=source.size,
            resize=source.how,
            temperature=temperature,
            tolerance=TOLERANCES[kind],
            references=write_references(known, partial),
            digest=digest_of_model(partial / MODELS[kind][0]),
            run=run.folder.absolute().name,
            made_by=version("vgg-transfer"),
        )
        write_artefact(artefact, partial)
        listen(Said(f"checks {kind} in a new process"))
        checked = check_in_new_process(partial)
        if not checked.passed:
            raise ArtefactError(
                f"the model exported to {kind} is wrong, so that nothing was kept of it: "
                f"{checked.sentence}"
            )
        kept = accuracy_kept(run, open_artefact(partial), listen) if "int8" in kind else None
        if kept is not None and kept.lost > margin:
            raise ArtefactError(
                f"{kind} loses {kept.lost:.1f} points of accuracy on {kept.images} validation "
                f"images ({kept.recorded:.1%} to {kept.exported:.1%}), and {margin:g} may be: "
                "nothing was kept of it. Export another format, or allow more with --margin"
            )
        write_card(run, artefact, checked, kept, partial)
        example = files("vgg_transfer.exports") / "templates" / f"{kind.partition('-')[0]}.py.txt"
        shutil.copyfile(str(example), partial / "example.py")
    return Made(folder, checked, kept)
