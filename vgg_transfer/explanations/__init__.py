"""WHY: what a run's model looks at, and which training images it takes a picture for.

``heatmaps`` shows where the picture speaks for its class; ``faithfulness`` measures whether that is
so: what is hot must matter more to the answer than what is not. ``nearest`` finds the training
images that a picture looks like to the model; ``explain`` puts it all into a folder to look at.
Each is in the module of its name, which loads Keras; what they find are values, which do not.
"""

from vgg_transfer.explanations.values import (
    Explanation,
    Explanations,
    Faithfulness,
    Near,
    Neighbours,
)

__all__ = ["Explanation", "Explanations", "Faithfulness", "Near", "Neighbours"]
