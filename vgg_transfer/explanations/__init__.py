"""WHY: what a run's model looks at, and which training images it takes a picture for.

``heatmaps`` shows where the picture speaks for its class; ``faithfulness`` measures whether that is
so: what is hot must matter more to the answer than what is not.
"""

from vgg_transfer.explanations.faithfulness import Faithfulness, faithfulness
from vgg_transfer.explanations.heatmaps import Heatmap, heatmaps

__all__ = ["Faithfulness", "Heatmap", "faithfulness", "heatmaps"]
