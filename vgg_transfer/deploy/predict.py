"""What a run's model says about image files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from numpy.typing import NDArray

from vgg_transfer.deploy.averaging import Averaging, averaged, check
from vgg_transfer.errors import ImageSetError, RunError, did_you_mean
from vgg_transfer.images.decode import ImageFacts, Undecodable
from vgg_transfer.images.sources.layout import entries
from vgg_transfer.images.sources.scan import scan as scan_files
from vgg_transfer.images.tfdata.batches import BatchForm
from vgg_transfer.network.inference import probabilities
from vgg_transfer.run import Run
from vgg_transfer.words import printable

Counted = Callable[[int, int], None]


@dataclass(frozen=True)
class Prediction:
    """What the model says about one file.

    ``probabilities`` holds every class, likeliest first, and ``label`` is the first of them. Where
    the file cannot be read there is neither, and ``error`` says why.
    """

    path: Path
    label: str | None
    probabilities: Mapping[str, float]
    error: str | None = None


def predict(
    run: Run,
    paths: Sequence[Path | str],
    counted: Counted | None = None,
    averaging: Averaging | None = None,
) -> list[Prediction]:
    """Classify files, and all files in folders, with the run's model.

    Unreadable files are in the result, with the reason. ``counted`` is called with how many of how
    many readable images are done. ``averaging`` turns test-time augmentation on: ``"flip"``
    averages over the mirror image too, a number over that many augmented views.

    Raises:
        ImageSetError: a path does not exist, or there are no files at all.
    """
    files = _expand([Path(path) for path in paths])
    facts = scan(files)
    readable = [
        path for path, fact in zip(files, facts, strict=True) if isinstance(fact, ImageFacts)
    ]
    rows = iter(judge(run, readable, counted, averaging) if readable else ())
    return [
        _unreadable(path, fact)
        if isinstance(fact, Undecodable)
        else _prediction(path, run.class_names, next(rows))
        for path, fact in zip(files, facts, strict=True)
    ]


def scan(paths: Sequence[Path]) -> list[ImageFacts | Undecodable]:
    """Return what each file is, or why it cannot be read."""
    return [fact for _, fact in scan_files(paths)]


def judge(
    run: Run,
    paths: Sequence[Path],
    counted: Counted | None = None,
    averaging: Averaging | None = None,
) -> NDArray[Any]:
    """Return the run's class probabilities, a row for each of these readable files."""
    recipe = run.recipe
    shape = BatchForm(recipe.size, recipe.resize, recipe.batch_size)
    done = 0

    def reached(images: int) -> None:
        nonlocal done
        done = min(images, len(paths))
        if counted is not None:
            counted(done, len(paths))

    if averaging is None:
        return probabilities(_load(run), paths, shape, lambda: reached(done + shape.batch_size))
    check(averaging, recipe)
    return averaged(_load(run), paths, shape, averaging, recipe.augmentation, reached)


def _load(run: Run) -> keras.Model:
    if not run.model_file.is_file():
        raise RunError(f'the run folder "{run.folder}" has no model.keras: train again')
    try:
        return keras.saving.load_model(run.model_file, compile=False)
    except Exception as error:  # Keras raises nearly anything for a damaged file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(f'the model "{run.model_file}" is damaged: {reason}') from error


def _expand(paths: Sequence[Path]) -> list[Path]:
    """Return the files that are meant, each once, those of a folder by name."""
    missing = [path for path in paths if not (path.exists() or path.is_symlink())]
    if missing:
        raise ImageSetError("\n".join(_missing(path) for path in missing))
    files = [file for path in paths for file in (_files_below(path) if path.is_dir() else [path])]
    if not files:
        shown = ", ".join(f'"{printable(path)}"' for path in paths[:3])
        raise ImageSetError(f"there are no files in {shown}: give image files or folders of them")
    return list(dict.fromkeys(files))


def _files_below(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    real = folder.resolve()
    if real in above:  # a link back to where we came from
        return
    try:
        folders, files = entries(folder)
    except OSError as error:
        raise ImageSetError(
            f'the folder "{printable(folder)}" cannot be read: {error.strerror}'
        ) from error
    yield from files
    for inner in folders:
        yield from _files_below(inner, above | {real})


def _missing(path: Path) -> str:
    beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    hint = did_you_mean(path.name, beside)
    return f'there is no file or folder "{printable(path)}".{hint}'


def _prediction(path: Path, class_names: Sequence[str], row: NDArray[Any]) -> Prediction:
    ordered = sorted(zip(class_names, row.tolist(), strict=True), key=lambda pair: -pair[1])
    return Prediction(path, ordered[0][0], dict(ordered))


def _unreadable(path: Path, reason: Undecodable) -> Prediction:
    return Prediction(path, None, {}, str(reason))
