"""What lies where in a run folder: the keys of run.json and the columns of its tables."""

from dataclasses import fields

from vgg_transfer.run.stages import Epoch

FORMAT = 2

# What run.json holds of a run; the other files hold the rest. True: every format has it.
IN_JSON = {
    "status": True,
    "seed": True,
    "class_names": True,
    "seconds": True,
    "judged_on": True,
    "image_set": True,
    "weights": True,
    "environment": True,
    "channels": False,
    "stages": True,
    "filled": False,
    "advice": False,
    "findings": False,
    "begun": False,
    "calibration": False,
}
# A column for each block's rate follows: rate_block4, rate_block5, rate_head.
EPOCH_COLUMNS = tuple(field.name for field in fields(Epoch) if field.name != "rates")
# A column for the probability of each class follows.
PREDICTION_COLUMNS = ("path", "split", "class", "predicted")
IMAGE_COLUMNS = ("path", "split", "class", "digest", "width", "height")
