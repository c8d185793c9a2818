"""TO USE: a run's model on new images.

``predict(run, ["new.jpg"])`` says what is on them; ``evaluate(run, "other-photos")`` measures how
well it does. Both average over several renderings of an image where that is asked for.
"""

from vgg_transfer.deploy.averaging import Averaging, read_averaging
from vgg_transfer.deploy.evaluate import Evaluation, evaluate
from vgg_transfer.deploy.predict import predict

__all__ = [
    "Averaging",
    "Evaluation",
    "evaluate",
    "predict",
    "read_averaging",
]
