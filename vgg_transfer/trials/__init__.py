"""ONE RECIPE, ONE SEED, SOMEWHERE: a trial, and the engines that train it.

``Trial`` is a recipe with a seed. An ``Engine`` trains it and writes its run: ``in_this_process``,
or ``in_own_process``, so that no trial can take others down. No module here loads Keras until a
trial is run in this process.
"""

from vgg_transfer.trials.process import in_own_process
from vgg_transfer.trials.trial import Engine, Trial, differences, in_this_process

__all__ = ["Engine", "Trial", "differences", "in_own_process", "in_this_process"]
