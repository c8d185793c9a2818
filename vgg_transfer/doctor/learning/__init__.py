"""MORE IMAGES OR MORE TRAINING? A learning curve on what the network's base makes of pictures.

    curve = measure_curve(image_set.records, features)
    findings = list(more_images_or_more_training(curve, run))

``curve`` measures, ``verdict`` judges. No test image is looked at.
"""

from vgg_transfer.doctor.learning.curve import LearningCurve, measure_curve
from vgg_transfer.doctor.learning.verdict import ENTRIES, more_images_or_more_training

__all__ = ["ENTRIES", "LearningCurve", "measure_curve", "more_images_or_more_training"]
