"""What was found when the heatmaps of some model were tried: they explain."""

from vgg_transfer.evaluation.intervals import Interval
from vgg_transfer.explanations import Faithfulness

FOUND = Faithfulness(
    images=30,
    shares=(0.0, 0.5, 1.0),
    deletion=(1.0, 0.6, 0.5),
    deletion_at_random=(1.0, 0.6, 0.5),
    insertion=(0.5, 0.9, 1.0),
    insertion_at_random=(0.5, 0.9, 1.0),
    deleting=Interval(0.1, 0.3),
    inserting=Interval(0.0, 0.1),
    times=None,
)
