"""What the verbs about exported models print with ``--json``."""

from dataclasses import dataclass
from pathlib import PurePath

from vgg_transfer.artefacts import Checked
from vgg_transfer.exports import Made


@dataclass(frozen=True)
class ExportAnswer:
    """What was made of a run: every model passed its check."""

    run: PurePath
    made: tuple[Made, ...]


@dataclass(frozen=True)
class CheckAnswer:
    """What the check of each exported model saw, in the order given."""

    checked: tuple[Checked, ...]
