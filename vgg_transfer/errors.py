"""Every error a user can cause, as one small tree.

    VggTransferError         caught by the command line: printed without a traceback, exit 1
    ├── RecipeError          what to do is not clear: an unknown key, a rate as text
    ├── ImageSetError        what to learn from is not usable: no folder, one class, no images
    ├── WeightsError         the starting weights are missing, altered or of another network
    ├── TrainingError        the training itself broke: the loss is NaN, a frozen tensor moved
    ├── RunError             a run folder cannot be written or read
    │   └── ResumeError      an unfinished run cannot go on: other images, other packages
    ├── ComparisonError      runs that cannot be compared: other images, one recipe, too few images
    ├── ScriptError          a script that cannot be read: no Python in it, no text at all
    ├── ArtefactError        an exported model that cannot be made, opened or trusted
    ├── AdoptionError        a model of another project that cannot become a run: code in it, no VGG
    ├── ServeError           a service that cannot begin: the port is taken, a token is missing
    └── ClusterError         other machines that cannot train: no shared folder, another version

A message says what is wrong, what was received and what to do.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class VggTransferError(Exception):
    """Base of all errors that a user can do something about."""


class RecipeError(VggTransferError):
    """A recipe that cannot be used as written."""


class ImageSetError(VggTransferError):
    """A source of images that cannot be used as it is."""


class WeightsError(VggTransferError):
    """Starting weights that are missing, altered or of another network."""


class TrainingError(VggTransferError):
    """A training that cannot go on."""


class RunError(VggTransferError):
    """A run folder that cannot be written or read."""


class ResumeError(RunError):
    """An unfinished run that cannot go on as it began."""


class ComparisonError(VggTransferError):
    """Trainings that cannot be compared, or a comparison that cannot be written or read."""


class ScriptError(VggTransferError):
    """Somebody's script that cannot be read."""


class ArtefactError(VggTransferError):
    """An exported model that cannot be made, opened or trusted."""


class AdoptionError(VggTransferError):
    """A model of another project that cannot become a run."""


class ServeError(VggTransferError):
    """A service that cannot begin as it was asked for."""


class ClusterError(VggTransferError):
    """Other machines that cannot train what they are asked to."""


def did_you_mean(received: str, known: Iterable[str]) -> str:
    """Return ``' Did you mean "block5"?'`` for a near miss, else an empty string."""
    # Names may come from a damaged or hostile file; a message shows none that moves a cursor.
    fit_to_show = [name for name in known if name.isprintable()]
    near = get_close_matches(received, fit_to_show, n=1, cutoff=0.6)
    return f' Did you mean "{near[0]}"?' if near else ""
