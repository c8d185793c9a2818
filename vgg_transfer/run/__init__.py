"""THE RECORD: one training as a folder, and as a value that everything after training reads.

    RUN/
      run.json         what happened: seed, images, weights, environment, stages, findings
      recipe.toml      what was to be done, ready to be used again
      images.csv       every image with its split, class and digest
      history.csv      one row per epoch over all stages
      metrics.json     the numbers on the held-out images, each with its interval
      predictions.csv  what the model says about each image it was judged on
      model.keras      pixels in, probabilities out; class_names.json lies inside

A folder appears complete or not at all: it is written under another name, then renamed.
"""

from vgg_transfer.run.folder import check_free, write
from vgg_transfer.run.origins import (
    Channels,
    Environment,
    ImagesUsed,
    ManifestRow,
    StartingWeights,
)
from vgg_transfer.run.reader import read
from vgg_transfer.run.stages import Advice, Epoch, Filled, StageOutcome
from vgg_transfer.run.values import Judged, JudgedOn, Prediction, Run, Status

__all__ = [
    "Advice",
    "Channels",
    "Environment",
    "Epoch",
    "Filled",
    "ImagesUsed",
    "Judged",
    "JudgedOn",
    "ManifestRow",
    "Prediction",
    "Run",
    "StageOutcome",
    "StartingWeights",
    "Status",
    "check_free",
    "read",
    "write",
]
