"""How good is it: labels and probabilities in, numbers with intervals out.

``evaluate`` turns held-out probabilities into ``Metrics``; ``describe`` puts them into one line,
``table`` lists them class by class, and ``cautions`` names what a careful reader should not
overlook. ``levels`` and ``compare_pairs`` compare recipes, each trained with several seeds;
``verdicts`` says which is better. A ``Look`` is how strictly differences are judged, so
that it may be done several times while seeds are added. The room knows nothing of images, networks
or runs.
"""

from vgg_transfer.evaluation.intervals import Interval, wilson
from vgg_transfer.evaluation.looks import LOOKS, Look, one_of_several
from vgg_transfer.evaluation.metrics import ClassMetrics, Metrics, evaluate
from vgg_transfer.evaluation.pairs import Answers, Level, Pair, compare_pairs, levels
from vgg_transfer.evaluation.sentences import cautions, describe, table, verdicts
from vgg_transfer.evaluation.temperature import Calibration

__all__ = [
    "LOOKS",
    "Answers",
    "Calibration",
    "ClassMetrics",
    "Interval",
    "Level",
    "Look",
    "Metrics",
    "Pair",
    "cautions",
    "compare_pairs",
    "describe",
    "evaluate",
    "levels",
    "one_of_several",
    "table",
    "verdicts",
    "wilson",
]
