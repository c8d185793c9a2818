"""TO USE ELSEWHERE: models that were exported, asked and checked without Keras and TensorFlow.

A ``Classifier`` is whatever answers: a run's model, or an exported one, which ``open_artefact``
opens with its own runtime. ``answer_each`` asks it about any number of pictures, ``check`` about
the reference pictures that lie beside it.
"""

from vgg_transfer.artefacts.answering import answer_each
from vgg_transfer.artefacts.artefact import Artefact, is_artefact, read_artefact
from vgg_transfer.artefacts.classifier import Classifier
from vgg_transfer.artefacts.exported import Exported, open_artefact
from vgg_transfer.artefacts.proving import Checked, check

__all__ = [
    "Artefact",
    "Checked",
    "Classifier",
    "Exported",
    "answer_each",
    "check",
    "is_artefact",
    "open_artefact",
    "read_artefact",
]
