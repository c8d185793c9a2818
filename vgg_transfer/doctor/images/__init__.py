"""IMAGES: what is wrong with pictures, labels and splits, before anything is trained.

    facts = measure_pictures(image_set.records)
    features = pooled_features(recipe, image_set, cache, listen)    (doctor.images.features: Keras)
    examined = Examined(image_set, facts, features)
    findings = list(examine_images(examined, size=recipe.size))

Measuring (``facts``, ``features``, ``likeness``) and judging (all others) stand apart. ``suspects``
are the pictures behind the findings: what would be left out or relabelled. This front loads no
Keras.
"""

from vgg_transfer.doctor.images.catalogue import ENTRIES
from vgg_transfer.doctor.images.examine import Examined, examine_images
from vgg_transfer.doctor.images.facts import measure_pictures
from vgg_transfer.doctor.images.sheet import draw_contact_sheet
from vgg_transfer.doctor.images.suspects import Suspect, fixes_of, suspects

__all__ = [
    "ENTRIES",
    "Examined",
    "Suspect",
    "draw_contact_sheet",
    "examine_images",
    "fixes_of",
    "measure_pictures",
    "suspects",
]
