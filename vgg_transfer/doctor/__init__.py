"""WHY IT IS BAD: images, recipes, runs and scripts are examined; what is found comes with a remedy.

    images/    before anything is trained: the pictures, their labels and their splits
    recipes/   before anything is paid: what a recipe asks for
    runs/      afterwards: the history, the predictions and the weights of a training
    scripts/   other people's: scripts that train with Keras, read and never run
    learning/  more images or more training: a learning curve of the images
    treatment/ whether remedies work: they are trained beside the unchanged recipe

``diagnose(target)`` says what is wrong with one of them, ``treat(target)`` tries what
helps. Each check is a function from what is examined to findings, and stands beside its ``Entry``,
which says why it matters and what it rests on. ``docs/doctor.md`` is made from the entries.
"""

from vgg_transfer.doctor.diagnose import Diagnosis, diagnose
from vgg_transfer.doctor.treatment import Treatment, treat

__all__ = ["Diagnosis", "Treatment", "diagnose", "treat"]
