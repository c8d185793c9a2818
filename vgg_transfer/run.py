"""THE RECORD: one training as a folder. This module alone writes and reads it.

    RUN/
      run.json         what happened: status, seed, image set, weights, environment, stages
      recipe.toml      what was to be done, ready to be used again
      images.csv       every image with its split, class and digest
      history.csv      one row per epoch over all stages
      metrics.json     by split, each with its interval
      predictions.csv  what the model says about each image it was judged on
      model.keras      pixels in, probabilities out; class_names.json lies inside

A folder appears complete or not at all: it is written under another name, then renamed.
"""

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vgg_transfer import recipe as recipes
from vgg_transfer.errors import RunError
from vgg_transfer.evaluation import Metrics
from vgg_transfer.writing import whole_folder

if TYPE_CHECKING:
    from vgg_transfer.deploy.predict import Prediction

FORMAT = 1
Status = Literal["complete", "interrupted", "failed"]


@dataclass(frozen=True)
class Epoch:
    """One epoch of one stage.

    ``seconds`` cover training and validation, ``images_per_second`` training alone;
    ``waiting_share`` is the share of the training in which the next batch was not there yet.
    """

    stage: int
    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    rates: Mapping[str, float]
    seconds: float
    images_per_second: float
    waiting_share: float
    peak_memory_mb: float


@dataclass(frozen=True)
class StageOutcome:
    """How a stage went and why it ended.

    ``best_epoch`` 0 means it kept what it started with. ``best`` is the monitored value of the
    weights it leaves, None where it was never measured.
    """

    stage: int
    title: str
    epochs: int
    best_epoch: int
    monitor: str
    best: float | None
    ended: str
    seconds: float


@dataclass(frozen=True)
class Advice:
    """What a probe said before a stage that opens lower blocks, and whether the stage was run.

    ``expected`` is the gain in points of validation accuracy, ``margin`` half of its 95% interval,
    ``minutes`` what the whole stage takes at most; None where the probe failed. ``said`` is the
    sentence that a person was told.
    """

    stage: int
    expected: float | None
    margin: float | None
    minutes: float | None
    goes_on: bool
    said: str


@dataclass(frozen=True)
class Filled:
    """What a training asked of a store of frozen activations, and what that took.

    ``rows`` renderings were wanted; ``computed`` of them were not there yet and took ``seconds``.
    """

    store: str
    rows: int
    computed: int
    seconds: float


@dataclass(frozen=True)
class Judged:
    """What the model said about one image of known class."""

    path: str
    split: str
    label: str
    predicted: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Run:
    """A finished, interrupted or failed training. Everything after training only reads it.

    ``metrics`` and ``judged`` are of the split named by ``judged_on``; an interrupted or failed
    run has none. ``channels`` are mean and deviation of red, green and blue (pixels 0..255) over
    the training images, where the recipe standardizes by them. ``advice`` has a line for each stage
    that a probe decided on, where the recipe trains only as long as it is worth it.
    """

    folder: Path
    status: Status
    seed: int
    recipe: recipes.Recipe
    class_names: tuple[str, ...]
    image_set: Mapping[str, Any]
    weights: Mapping[str, Any]
    environment: Mapping[str, Any]
    stages: tuple[StageOutcome, ...]
    history: tuple[Epoch, ...]
    seconds: float
    judged_on: str = ""
    metrics: Metrics | None = None
    judged: tuple[Judged, ...] = ()
    manifest: tuple[tuple[str, ...], ...] = ()
    channels: Mapping[str, Any] | None = None
    filled: tuple[Filled, ...] = ()
    advice: tuple[Advice, ...] = ()

    @property
    def model_file(self) -> Path:
        """The saved model: raw RGB pixels in, probabilities out."""
        return self.folder / "model.keras"

    def predict(
        self, paths: Iterable[Path | str], averaging: Literal["flip"] | int | None = None
    ) -> "list[Prediction]":
        """Classify image files or folders of them with this run's model.

        ``averaging`` is test-time augmentation: ``"flip"``, or a number of augmented views.
        """
        from vgg_transfer.deploy.predict import predict

        return predict(self, [Path(path) for path in paths], averaging=averaging)


def check_free(folder: Path) -> None:
    """Refuse a place where a run cannot be written, before any work is done for it."""
    if folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir()):
        return
    if folder.exists() or folder.is_symlink():
        what = "is not empty" if folder.is_dir() else "is a file"
        what = "is a link" if folder.is_symlink() else what
        raise RunError(
            f'the output folder "{folder}" {what}; nothing is overwritten: '
            "choose another with --out, or move it away"
        )
    parent = next(above for above in folder.absolute().parents if above.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise RunError(
            f'cannot write the output folder "{folder}": "{parent}" is not a folder that may be '
            "written to; choose another with --out"
        )


def write(run: Run, save_model: Callable[[Path], None]) -> Run:
    """Write the run's folder; ``save_model`` puts the model at the path it is given."""
    check_free(run.folder)
    folder = run.folder.absolute()
    try:
        with whole_folder(folder) as partial:
            save_model(partial / "model.keras")
            _write_files(run, partial)
    except OSError as error:
        raise RunError(f'cannot write the run folder "{folder}": {error}') from error
    return replace(run, folder=folder)


def read(folder: Path | str) -> Run:
    """Read a run folder."""
    folder = Path(folder)
    if not (folder / "run.json").is_file():
        what = "has no run.json" if folder.is_dir() else "is no folder"
        what = what if folder.exists() else "does not exist"
        raise RunError(
            f'"{folder}" {what}, so it is not a run folder: give the folder that '
            "`vgg-transfer train` wrote (its --out)"
        )
    try:
        facts = json.loads((folder / "run.json").read_text("utf-8", "surrogateescape"))
        if facts.pop("format") != FORMAT:
            raise RunError(f'"{folder}" was written by another version of vgg-transfer')
        metrics = json.loads((folder / "metrics.json").read_text("utf-8", "surrogateescape"))
        facts["class_names"] = tuple(facts["class_names"])
        facts["stages"] = tuple(StageOutcome(**stage) for stage in facts["stages"])
        facts["filled"] = tuple(Filled(**one) for one in facts.get("filled", ()))
        facts["advice"] = tuple(Advice(**one) for one in facts.get("advice", ()))
        return Run(
            folder=folder,
            recipe=recipes.read(folder / "recipe.toml"),
            history=tuple(_epoch(row) for row in _rows(folder / "history.csv")[1:]),
            metrics=Metrics.from_dict(metrics) if metrics else None,
            judged=tuple(_judged(row) for row in _rows(folder / "predictions.csv")[1:]),
            manifest=tuple(tuple(row) for row in _rows(folder / "images.csv")),
            **facts,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise RunError(f'the run folder "{folder}" is damaged: {error}') from error


_IN_OTHER_FILES = ("folder", "recipe", "history", "metrics", "judged", "manifest")
_IN_JSON = tuple(field.name for field in fields(Run) if field.name not in _IN_OTHER_FILES)
_EPOCH_COLUMNS = tuple(field.name for field in fields(Epoch) if field.name != "rates")


def _write_files(run: Run, folder: Path) -> None:
    facts = {"format": FORMAT} | {name: _plain(getattr(run, name)) for name in _IN_JSON}
    _write_json(folder / "run.json", facts)
    (folder / "recipe.toml").write_text(recipes.to_toml(run.recipe), encoding="utf-8")
    _write_json(folder / "metrics.json", run.metrics.to_dict() if run.metrics else {})
    blocks = [*run.recipe.base.block_names, "head"]
    rates = [f"rate_{block}" for block in blocks]
    _write_rows(
        folder / "history.csv",
        [[*_EPOCH_COLUMNS, *rates], *(_epoch_row(epoch, blocks) for epoch in run.history)],
    )
    columns = ["path", "split", "class", "predicted", *run.class_names]
    _write_rows(
        folder / "predictions.csv",
        [columns, *([j.path, j.split, j.label, j.predicted, *j.probabilities] for j in run.judged)],
    )
    _write_rows(folder / "images.csv", run.manifest)


def _epoch_row(epoch: Epoch, blocks: Sequence[str]) -> list[Any]:
    rates = [epoch.rates.get(block, "") for block in blocks]
    return [*(getattr(epoch, name) for name in _EPOCH_COLUMNS), *rates]


def _epoch(row: Sequence[str]) -> Epoch:
    values = dict(zip(_EPOCH_COLUMNS, row, strict=False))
    blocks = [*recipes.Base().block_names[: len(row) - len(_EPOCH_COLUMNS) - 1], "head"]
    rates = dict(zip(blocks, row[len(_EPOCH_COLUMNS) :], strict=True))
    numbers = {name: float(text) for name, text in values.items()}
    return Epoch(
        **numbers | {"stage": int(values["stage"]), "epoch": int(values["epoch"])},  # type: ignore[arg-type]
        rates={block: float(text) for block, text in rates.items() if text},
    )


def _judged(row: Sequence[str]) -> Judged:
    path, split, label, predicted, *probabilities = row
    return Judged(path, split, label, predicted, tuple(float(text) for text in probabilities))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _write_json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")


# File names may hold bytes that are no text: surrogateescape writes them as they were.
def _write_rows(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file).writerows(rows)


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.reader(file))
