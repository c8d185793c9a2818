"""An exported model that is ready to be asked."""

from dataclasses import dataclass
from pathlib import Path

from vgg_transfer.artefacts.answering import answer_each
from vgg_transfer.artefacts.artefact import Artefact, check_files, read_artefact
from vgg_transfer.artefacts.classifier import Floats
from vgg_transfer.artefacts.runtimes import Ask, open_model
from vgg_transfer.errors import ArtefactError
from vgg_transfer.events import nobody
from vgg_transfer.images.pictures import given
from vgg_transfer.images.squares import Resize
from vgg_transfer.run.values import Pictures, Prediction


@dataclass(frozen=True)
class Exported:
    """A ``Classifier``: an exported model and the runtime that it was opened by."""

    artefact: Artefact
    ask: Ask

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        return self.artefact.class_names

    @property
    def size(self) -> int:
        """The side of the squares that it looks at, in pixels."""
        return self.artefact.size

    @property
    def resize(self) -> Resize:
        """How pictures become squares."""
        return self.artefact.resize

    def probabilities(self, squares: Floats) -> Floats:
        """Return a row of probabilities of all classes for each picture, of any one size.

        Raises:
            ArtefactError: its answer is not one of its classes' probabilities.
        """
        found = self.ask(squares)
        if found.shape != (len(squares), len(self.class_names)):
            raise ArtefactError(
                f'the exported model in "{self.artefact.folder}" answers with the shape '
                f"{found.shape} to {len(squares)} pictures of {len(self.class_names)} classes: it "
                "is another model. Export it again"
            )
        return found

    def predict(self, images: Pictures) -> list[Prediction]:
        """Say what is on images, with the exported model.

        Args:
            images: as ``vt.predict`` takes them: files, folders, patterns, bytes of files, PIL
                pictures, arrays of pixels, or a list of these.

        Returns:
            One prediction for each file or picture, in the order given.

        Raises:
            ImageSetError: a path does not exist, there are no files, or an array holds no pixels.
        """
        return list(answer_each(self, given(images), nobody))


def open_artefact(folder: Path | str, threads: int | None = None) -> Exported:
    """Open an exported model with its own runtime.

    Args:
        folder: that ``vgg-transfer export`` wrote.
        threads: how many of them compute. [default: as the runtime has it, all cores]

    Raises:
        ArtefactError: it is missing or damaged, or its runtime is not installed.
    """
    artefact = read_artefact(folder)
    check_files(artefact)
    ask = open_model(artefact.format, artefact.model, artefact.size, threads)
    return Exported(artefact, ask)
