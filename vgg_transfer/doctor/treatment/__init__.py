"""DOES THE REMEDY WORK? Remedies are trained beside the unchanged recipe, and judged.

    treatment = treat("photos", recipe="mine.toml", minutes=20)
    print(treatment.in_words)

``remedies`` has the table from what was found to what may help, ``judging`` says on which images
and how sure, ``trained`` trains one trial after another within a time.
"""

from vgg_transfer.doctor.treatment.judging import Tried
from vgg_transfer.doctor.treatment.treat import treat
from vgg_transfer.doctor.treatment.treatment import Treatment

__all__ = ["Treatment", "Tried", "treat"]
