"""WHY: what a run's model looks at, and which training images it takes a picture for.

``heatmaps`` shows where the picture speaks for its class; ``faithfulness`` measures whether that is
so: what is hot must matter more to the answer than what is not. ``nearest`` finds the training
images that a picture looks like to the model; ``explain`` puts it all into a folder to look at.
"""

from vgg_transfer.explanations.explain import Explanation, Explanations, explain
from vgg_transfer.explanations.faithfulness import Faithfulness, faithfulness
from vgg_transfer.explanations.heatmaps import Heatmap, heatmaps
from vgg_transfer.explanations.nearest import Near, Neighbours, nearest

__all__ = [
    "Explanation",
    "Explanations",
    "Faithfulness",
    "Heatmap",
    "Near",
    "Neighbours",
    "explain",
    "faithfulness",
    "heatmaps",
    "nearest",
]
