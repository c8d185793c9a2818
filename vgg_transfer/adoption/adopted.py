"""What came of a model of another project, as a value: no Keras is loaded for it."""

from dataclasses import dataclass

from vgg_transfer.adoption.inputs import Input
from vgg_transfer.adoption.racing import Race
from vgg_transfer.adoption.verdict import sentences
from vgg_transfer.run import Run


@dataclass(frozen=True)
class Adopted:
    """A model that became a run.

    Args:
        run: its record, as any other.
        given: how pixels are given to it.
        race: every input that was tried on labelled images; None: there were none.
    """

    run: Run
    given: Input
    race: Race | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it was trained with, and how sure that is; nothing where nothing was tried."""
        return sentences(self.race) if self.race else ()
