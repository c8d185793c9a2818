"""TO USE ELSEWHERE: models that were exported, read and asked without Keras and TensorFlow.

A ``Classifier`` is whatever answers: a run's model, or an exported one.
"""

from vgg_transfer.artefacts.classifier import Classifier

__all__ = ["Classifier"]
