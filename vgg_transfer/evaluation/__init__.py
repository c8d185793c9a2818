"""How good is it: labels and probabilities in, numbers with intervals out.

The story of the room: ``evaluate`` turns held-out probabilities into ``Metrics``; ``describe``
says them in one line, ``table`` class by class, and ``cautions`` says what a careful reader should
not overlook. Knows nothing of images, networks or runs.
"""

from vgg_transfer.evaluation.intervals import Interval, wilson
from vgg_transfer.evaluation.metrics import ClassMetrics, Metrics, evaluate
from vgg_transfer.evaluation.wording import cautions, describe, table

__all__ = [
    "ClassMetrics",
    "Interval",
    "Metrics",
    "cautions",
    "describe",
    "evaluate",
    "table",
    "wilson",
]
