"""WHY IT IS BAD: images, recipes and runs are examined; what is found comes with a remedy.

    images/    before anything is trained: the pictures, their labels and their splits
    recipes/   before anything is paid: what a recipe asks for
    runs/      afterwards: the history, the predictions and the weights of a training

``diagnose(target)`` says what is wrong with one of them. Each check is a function from what
is examined to findings, and stands beside its ``Entry``, which says why it matters and what it
rests on. ``docs/doctor.md`` is made from the entries.
"""

from vgg_transfer.doctor.diagnose import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]
