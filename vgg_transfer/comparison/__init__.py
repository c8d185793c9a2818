"""WHICH IS BETTER: recipes on the same images, several seeds each, and a verdict with its cost.

``compare(image_set, recipes, out)`` makes a trial of every recipe with every seed, and gives each
that has not come to its end yet to an engine. The runs become a ``Comparison``: how good each
recipe is, at what cost, which differences are real, and which recipe to take. ``compare_runs`` does
the last step for runs that were trained before; ``read_comparison`` reads what was written.
Where seeds are added until all is decided, its ``ending`` says why it ended. ``set_up`` and
``carry_out`` are the two halves of ``compare``, for those who want all refusals before any image is
read.
"""

from vgg_transfer.comparison.compare import carry_out, compare
from vgg_transfer.comparison.record import (
    Comparison,
    Ending,
    Standing,
    TrialResult,
    read_comparison,
    save_comparison,
)
from vgg_transfer.comparison.runs import compare_runs
from vgg_transfer.comparison.setup import ComparisonSetup, set_up

__all__ = [
    "Comparison",
    "ComparisonSetup",
    "Ending",
    "Standing",
    "TrialResult",
    "carry_out",
    "compare",
    "compare_runs",
    "read_comparison",
    "save_comparison",
    "set_up",
]
