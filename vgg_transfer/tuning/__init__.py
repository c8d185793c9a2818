"""Better settings for a recipe, searched by validation loss within a time budget.

``tune`` opens the study (``study``), tries settings (``search``) of what may change
(``search_space``), and judges its choice once on the test images. It returns a ``Tuning``.
"""

from vgg_transfer.tuning.tuned import TunedTrial, Tuning
from vgg_transfer.tuning.tuner import tune

__all__ = ["TunedTrial", "Tuning", "tune"]
