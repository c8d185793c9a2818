"""TO USE ELSEWHERE: a run's model as Keras, SavedModel, ONNX, LiteRT and OpenVINO files.

``vt.export(run, formats)`` writes them with their reference pictures, a model card and an example,
and keeps only what passes its check in a new process; ``Made`` says of each what was seen. The
values here need no Keras; the function does.
"""

from vgg_transfer.exports.made import Kept, Made

__all__ = ["Kept", "Made"]
