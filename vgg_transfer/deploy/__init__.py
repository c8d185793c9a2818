"""TO USE: a run's model on new images.

``predict(run, ["new.jpg"])`` says what is on them, ``predict_each`` on any number of them;
``evaluate(run, "other-photos")`` measures how well it does. All average over several renderings of
an image where the run's recipe or the caller asks for that.
"""

from vgg_transfer.deploy.evaluate import Evaluation, evaluate
from vgg_transfer.deploy.predict import predict, predict_each

__all__ = [
    "Evaluation",
    "evaluate",
    "predict",
    "predict_each",
]
