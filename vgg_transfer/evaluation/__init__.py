"""How good is it: labels and probabilities in, numbers with intervals out.

The story of the room: ``evaluate`` turns held-out probabilities into ``Metrics``; ``describe``
says them in one line, ``table`` class by class, and ``cautions`` says what a careful reader should
not overlook. ``levels`` and ``compare_pairs`` set recipes side by side, each trained with several
seeds; ``verdicts`` says which is better. Knows nothing of images, networks or runs.
"""

from vgg_transfer.evaluation.intervals import Interval, wilson
from vgg_transfer.evaluation.metrics import ClassMetrics, Metrics, evaluate
from vgg_transfer.evaluation.pairs import Answers, Level, Pair, compare_pairs, levels
from vgg_transfer.evaluation.sentences import cautions, describe, table, verdicts

__all__ = [
    "Answers",
    "ClassMetrics",
    "Interval",
    "Level",
    "Metrics",
    "Pair",
    "cautions",
    "compare_pairs",
    "describe",
    "evaluate",
    "levels",
    "table",
    "verdicts",
    "wilson",
]
