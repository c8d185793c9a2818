"""WHICH IS BETTER: recipes on the same images, several seeds each, and a verdict with its cost.

The story of the room: ``compare(image_set, recipes, out)`` makes a ``Trial`` of every recipe with
every seed and gives each that has not come to its end yet to an ``Engine``, which trains it and
writes its run: ``in_own_process`` (so that no trial can take the others down) or
``in_this_process``. The runs become a ``Comparison``: how good each recipe is, at what cost, which
differences are real, and which recipe to take. ``compare_runs`` does the last step for runs that
were trained before; ``read_comparison`` reads what was written.

No module here loads Keras until a trial is run in this process.
"""

from vgg_transfer.comparison.compare import compare
from vgg_transfer.comparison.folder import check_folder
from vgg_transfer.comparison.record import (
    Comparison,
    Standing,
    TrialResult,
    read_comparison,
    save_comparison,
)
from vgg_transfer.comparison.runs import compare_runs
from vgg_transfer.trials.process import in_own_process
from vgg_transfer.trials.trial import Engine, Trial, in_this_process, plan_trials

__all__ = [
    "Comparison",
    "Engine",
    "Standing",
    "Trial",
    "TrialResult",
    "check_folder",
    "compare",
    "compare_runs",
    "in_own_process",
    "in_this_process",
    "plan_trials",
    "read_comparison",
    "save_comparison",
]
