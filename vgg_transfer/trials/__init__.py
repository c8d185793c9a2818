"""ONE RECIPE, ONE SEED, SOMEWHERE: a trial, and the engines that train it.

A ``Trial`` is a recipe with a seed. An ``Engine`` trains it and writes its run:
``in_this_process``, ``in_a_clear_session``, or ``in_own_process``, where no trial can take others
down; ``on_ray`` yields one for a cluster, which trains several at once. ``finished_run`` finds what
was trained before, ``scratch`` hides what is unfinished and keeps it for the same trial. No module
here loads Keras until a trial is run in this process.
"""

from vgg_transfer.trials.engines import (
    Engine,
    in_a_clear_session,
    in_own_process,
    in_this_process,
    trained_or_failed,
)
from vgg_transfer.trials.folder import finished_run, scratch
from vgg_transfer.trials.ray_cluster import on_ray
from vgg_transfer.trials.trial import Trial, differences

__all__ = [
    "Engine",
    "Trial",
    "differences",
    "finished_run",
    "in_a_clear_session",
    "in_own_process",
    "in_this_process",
    "on_ray",
    "scratch",
    "trained_or_failed",
]
