"""THE RECORD: one training as a folder, and as a value that everything after training reads.

    RUN/
      run.json         what happened: seed, images, weights, environment, stages, findings
      recipe.toml      what was to be done, ready to be used again
      images.csv       every image with its split, class and digest
      history.csv      one row per epoch over all stages
      metrics.json     the numbers on the held-out images, each with its interval
      predictions.csv  what the model says about each image it was judged on
      model.keras      pixels in, probabilities out; class_names.json lies inside

      validation.csv   what it says about each validation image, where it was judged on others
      checkpoint-*.npz a training that goes on: what it needs for that
      features.npz     what the model makes of its own images, once that was asked for
      history.png      the history and, in confusion.png, the mistakes: of `train` and `resume`

The folder is there from the beginning of a training, in the state ``running`` and without results;
each file in it appears whole, run.json last. See ``begun`` and ``write``.
"""

from vgg_transfer.run.checkpoint import (
    Checkpoint,
    Progress,
    Within,
    has_checkpoint,
    keep_checkpoint,
    read_checkpoint,
    read_progress,
)
from vgg_transfer.run.folder import begun, check_free, check_room, is_unfinished, write
from vgg_transfer.run.origins import (
    Begun,
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
    "Begun",
    "Channels",
    "Checkpoint",
    "Environment",
    "Epoch",
    "Filled",
    "ImagesUsed",
    "Judged",
    "JudgedOn",
    "ManifestRow",
    "Prediction",
    "Progress",
    "Run",
    "StageOutcome",
    "StartingWeights",
    "Status",
    "Within",
    "begun",
    "check_free",
    "check_room",
    "has_checkpoint",
    "is_unfinished",
    "keep_checkpoint",
    "read",
    "read_checkpoint",
    "read_progress",
    "write",
]
