"""An exported model in its folder: what it is, and that its files are those that were written."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vgg_transfer.artefacts.runtimes import MODELS, Format
from vgg_transfer.checking import as_value
from vgg_transfer.disk import is_file
from vgg_transfer.errors import ArtefactError
from vgg_transfer.images.squares import Resize
from vgg_transfer.reading import read_json
from vgg_transfer.words import excerpt, printable

FILE = "artefact.json"
GOLDEN = "golden"


@dataclass(frozen=True)
class Reference:
    """A picture in the folder ``golden``, and the probabilities that it must be given."""

    file: str
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class Artefact:
    """An exported model.

    Args:
        format: of the model.
        class_names: in the order of the probabilities.
        size: the side of the squares that it looks at, in pixels.
        resize: how it makes squares of pictures: ``squash``, ``crop`` or ``pad``.
        temperature: that its logits are divided by; 1 where none was asked for.
        tolerance: how far a probability may be from that of a reference.
        references: pictures whose answer is known.
        digest: the SHA-256 of the model's files.
        run: the name of the run folder that it was made of.
        made_by: the version of vgg-transfer that made it.
        folder: where it lies; it is not written.
    """

    format: Format
    class_names: tuple[str, ...]
    size: int
    resize: Resize
    temperature: float
    tolerance: float
    references: tuple[Reference, ...]
    digest: str
    run: str
    made_by: str
    folder: str = ""

    @property
    def model(self) -> Path:
        """The model's file, or the folder that it is."""
        return Path(self.folder) / MODELS[self.format][0]

    @property
    def needs_tensorflow(self) -> bool:
        """Whether TensorFlow is loaded to run it."""
        return MODELS[self.format][1] in ("keras", "tensorflow")


def is_artefact(folder: Path) -> bool:
    """Return whether a folder holds an exported model."""
    return is_file(folder / FILE)


def read_artefact(folder: Path | str) -> Artefact:
    """Read what an exported model is.

    Args:
        folder: that ``vgg-transfer export`` wrote.

    Raises:
        ArtefactError: it holds none, or one that is damaged.
    """
    place = Path(folder)
    try:
        data = read_json(place / FILE)
        found: Artefact = as_value(Artefact, data, FILE)
    except OSError as error:
        raise ArtefactError(
            f'"{printable(place)}" holds no exported model ({FILE}: {error.strerror}): give a '
            "folder that `vgg-transfer export` wrote"
        ) from error
    except ValueError as error:
        raise _damaged(place, f"{FILE}: {excerpt(str(error), 300)}") from error
    classes = len(found.class_names)
    if found.size < 1 or any(len(one.probabilities) != classes for one in found.references):
        raise _damaged(place, f"{FILE}: its numbers do not fit together")
    return replace(found, folder=str(place))


def write_artefact(artefact: Artefact, folder: Path) -> None:
    """Write what an exported model is, beside it."""
    data: dict[str, Any] = asdict(artefact)
    del data["folder"]
    text = json.dumps(data, indent=2, allow_nan=False) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")


def digest_of_model(file: Path) -> str:
    """Return the SHA-256 of a model: of its file, of those that belong to it, or of its folder."""
    digest = hashlib.sha256()
    beside = [file, file.with_suffix(".bin")] if file.suffix == ".xml" else [file]
    files = sorted(file.rglob("*")) if file.is_dir() else beside
    for one in files:
        if one.is_file():
            digest.update(one.relative_to(file.parent).as_posix().encode())
            with one.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()


def check_files(artefact: Artefact) -> None:
    """Refuse a model whose files are not the ones that were written.

    Raises:
        ArtefactError: with what to do.
    """
    if digest_of_model(artefact.model) != artefact.digest:
        raise _damaged(
            Path(artefact.folder),
            f"{artefact.model.name} is missing, or is not what was written there",
        )


def _damaged(folder: Path, reason: str) -> ArtefactError:
    return ArtefactError(
        f'the exported model in "{printable(folder)}" is damaged: {reason}. Put back a copy, or '
        "export it again"
    )
