"""The study file of a search: what was tried is in it, whatever becomes of the program.

    DIR/
      study.db      Optuna's study as an SQLite database: each trial is one transaction, so a killed
                    program leaves it whole
      study.lock    held while a search runs here; the system lets go of it with the process
      tuning.csv    the same trials as a table, written anew after each of them

In the study a trial is ``COMPLETE`` when it came to its end, ``PRUNED`` when its training failed,
which counts as worse than all that came to their end, and ``FAIL`` when the program ended in the
middle of it: those do not count.
"""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgg_transfer import run as record
from vgg_transfer.checking import as_value
from vgg_transfer.errors import ComparisonError
from vgg_transfer.images import ImageSet
from vgg_transfer.recipe import Recipe, from_toml, to_toml
from vgg_transfer.trials.trial import differences
from vgg_transfer.tuning.search_space import Choice, Space
from vgg_transfer.tuning.tuned import TunedTrial
from vgg_transfer.words import inert
from vgg_transfer.writing import whole_file

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.trial import FrozenTrial

_FORMAT = 1
_FILE, _LOCK, _TABLE = "study.db", "study.lock", "tuning.csv"
_ENOUGH_TO_TELL = 10
_BY_HAND = "cut off by hand"


@dataclass(frozen=True)
class _MadeOf:
    """What a study is of: another one's trials cannot stand beside these."""

    format: int
    images: str
    source: str
    recipe: str
    seed: int


@dataclass(frozen=True)
class _Look:
    """A final run that was judged on the test images."""

    trial: int
    folder: str


def _as_value(kind: Any, data: Any, where: str) -> Any:
    """Return what the study file holds as a value of ours."""
    try:
        return as_value(kind, data, where)
    except ValueError as error:
        raise ComparisonError(
            f"the study file ({_FILE}) is damaged: {error}. Put back a copy, or choose another "
            "--out to begin a new one"
        ) from error


@contextmanager
def open_study(folder: Path, image_set: ImageSet, recipe: Recipe, seed: int) -> Iterator["Study"]:
    """Open the study in a folder, or begin one; nobody else can use it until this is left.

    Raises:
        RunError: the folder cannot be written, or holds other things.
        ComparisonError: the study is of something else, is damaged, or is in use.
    """
    file = folder / _FILE
    if not file.exists() and not _is_begun(folder):
        record.check_free(folder)
    import optuna
    from filelock import FileLock, Timeout
    from optuna.trial import TrialState
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import SQLAlchemyError

    folder.mkdir(parents=True, exist_ok=True)
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with FileLock(folder / _LOCK, timeout=0):
            address = URL.create("sqlite", database=str(file.absolute()))
            study = optuna.create_study(
                storage=address.render_as_string(), study_name="tuning", load_if_exists=True
            )
            _check_same(study, folder, image_set, recipe, seed)
            for trial in study.get_trials(states=(TrialState.RUNNING,)):
                study.tell(trial.number, state=TrialState.FAIL)
            yield study
    except Timeout:
        raise ComparisonError(
            f'another search is writing to "{folder}": let it end, or choose another --out'
        ) from None
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise ComparisonError(
            f'the study file "{file}" cannot be used: {reason}. Is the disk full, or is it no '
            "study of vgg-transfer? Choose another --out to begin a new one"
        ) from error
    finally:
        optuna.logging.set_verbosity(before)


def finished_trials(study: "Study") -> tuple[TunedTrial, ...]:
    """Return the trials that came to their end or failed, in their order."""
    return tuple(
        _as_value(TunedTrial, trial.user_attrs.get("result"), f"trial {trial.number}")
        for trial in _settled(study)
    )


def next_trial(study: "Study", space: Space, own: Mapping[str, Any], seed: int) -> "Trial":
    """Return what to try next; the recipe's own values come first.

    What is proposed depends on the seed and the trials that count, and on nothing else: a search
    that was ended and continued tries the same as one that never was. Only what was cut off twice,
    and not by hand, is not tried a third time, since it may be what ended the program.
    """
    import optuna
    from optuna.trial import TrialState

    settled = _settled(study)
    last = settled[-1].number if settled else -1
    cut_off = sum(
        trial.state.is_finished() and _BY_HAND not in trial.user_attrs
        for trial in study.get_trials()[last + 1 :]
    )
    place = f"{seed}/{len(settled)}" + (f"/{cut_off}" if cut_off > 1 else "")
    number = int.from_bytes(sha256(place.encode()).digest()[:4], "big")
    study.sampler = optuna.samplers.TPESampler(seed=number)
    if not settled and not study.get_trials(states=(TrialState.WAITING,)):
        study.enqueue_trial(dict(own))
    return study.ask(_distributions(space))


def record_trial(
    study: "Study", trial: "Trial", found: TunedTrial, history: list[dict[str, Any]]
) -> None:
    """Write down how a trial went; ``history`` has an entry for each epoch."""
    from optuna.trial import TrialState

    trial.set_user_attr("history", history)
    trial.set_user_attr("result", asdict(found))
    if found.log_loss is None:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, found.log_loss)


def drop_trial(study: "Study", trial: "Trial", by_hand: bool = False) -> None:
    """Write down that a trial was cut off, so that it does not count.

    Args:
        study: the study.
        trial: which of its trials.
        by_hand: a person did it, and no fault of the trial. [default: False]
    """
    from optuna.trial import TrialState

    if by_hand:
        trial.set_user_attr(_BY_HAND, True)
    study.tell(trial, state=TrialState.FAIL)


def looks_at_test(study: "Study") -> list[dict[str, Any]]:
    """Return the final runs that were judged on the test images: trial, folder and recipe file."""
    looks = study.user_attrs.get("looks_at_test", [])
    found: tuple[_Look, ...] = _as_value(tuple[_Look, ...], looks, "looks_at_test")
    return [asdict(one) for one in found]


def record_look(study: "Study", trial: int, folder: str) -> None:
    """Write down that the test images were looked at, by the final run of a trial."""
    look = {"trial": trial, "folder": folder}
    study.set_user_attr("looks_at_test", [*looks_at_test(study), look])


def what_mattered(study: "Study") -> dict[str, float]:
    """Return how much each setting has to do with how good a trial is; empty with few trials."""
    import optuna

    complete = [trial for trial in _settled(study) if trial.value is not None]
    if len(complete) < _ENOUGH_TO_TELL or len({trial.value for trial in complete}) == 1:
        return {}
    return optuna.importance.get_param_importances(study)


def write_table(folder: Path, trials: tuple[TunedTrial, ...]) -> None:
    """Write the trials as tuning.csv; it appears whole, in the place of the one before."""
    columns = ("number", "status", "log_loss", "correct", "seconds", "filling_seconds", "reason")
    settings = list(trials[0].settings) if trials else []
    with (
        whole_file(folder / _TABLE) as partial,
        partial.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = csv.writer(file)
        rows.writerow([*columns, *settings])
        for trial in trials:
            values = [getattr(trial, column) for column in columns[:-1]]
            values.append(inert(trial.reason))
            rows.writerow([*values, *(trial.settings[key] for key in settings)])


def _is_begun(folder: Path) -> bool:
    """True where a search was ended before it could write its study."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} == {_LOCK}


def _settled(study: "Study") -> list["FrozenTrial"]:
    from optuna.trial import TrialState

    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _distributions(space: Space) -> dict[str, Any]:
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    return {
        key: CategoricalDistribution(one.values)
        if isinstance(one, Choice)
        else FloatDistribution(one.low, one.high, log=one.logarithmic)
        for key, one in space.items()
    }


def _check_same(
    study: "Study", folder: Path, image_set: ImageSet, recipe: Recipe, seed: int
) -> None:
    """Refuse a study whose trials cannot stand beside new ones; mark a new study as this one's."""
    made_of = {
        "format": _FORMAT,
        "images": image_set.digest,
        "source": image_set.source,
        "recipe": to_toml(recipe),
        "seed": seed,
    }
    known = study.user_attrs.get("made_of")
    if known is None:
        if study.trials:
            raise ComparisonError(f'"{folder / _FILE}" is a study, but not one of vgg-transfer')
        study.set_user_attr("made_of", made_of)
        return
    there: _MadeOf = _as_value(_MadeOf, known, "made_of")
    if there.format != _FORMAT:
        raise ComparisonError(f'"{folder / _FILE}" was written by another version of vgg-transfer')
    faults = []
    if there.images != image_set.digest:
        faults.append(f"other images, or other splits of them: {there.source}")
    if there.seed != seed:
        faults.append(f"seed {there.seed}, not {seed}")
    if changed := differences(from_toml(there.recipe, "the recipe in its study"), recipe):
        faults.append(f"another recipe: {changed}")
    if faults:
        raise ComparisonError(
            f'the search in "{folder}" is of {"; and ".join(faults)}. Its trials cannot be '
            "compared with these: choose another --out, or give what it was begun with"
        )
