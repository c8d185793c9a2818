"""Whether a model's classes stand in another order than was said."""

from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.adoption.stored import Floats
from vgg_transfer.evaluation.temperature import fit_temperature, tempered

LEAST_OF_A_CLASS = 5
"""So many images of every class there must be before another order is thought of."""

# How likely an order as good as that may be by chance, with all orders and inputs counted.
_CHANCE = 1e-4
_FLOOR = 1e-12
# A model that learnt its images by heart is some five times too sure of others.
_MOST_SURE = 5.0

Labels = NDArray[np.int64]
Places = NDArray[np.int64]


def likeliest_order(labels: Labels, probabilities: Floats) -> Places:
    """Return, for each class, the output that it most likely has: one output for each class.

    It is the assignment of the largest likelihood. Where a class has fewer than
    ``LEAST_OF_A_CLASS`` images, the order is left as it is.

    Args:
        labels: the class of each image.
        probabilities: one row per image, one column per output.
    """
    from scipy.optimize import linear_sum_assignment

    classes = probabilities.shape[1]
    as_it_is = np.arange(classes)
    if np.bincount(labels, minlength=classes).min() < LEAST_OF_A_CLASS:
        return as_it_is
    logs = np.log(np.maximum(probabilities, _FLOOR))
    likelihood = np.stack([logs[labels == label].sum(axis=0) for label in range(classes)])
    _, places = linear_sum_assignment(likelihood, maximize=True)
    kept = likelihood[as_it_is, as_it_is].sum() >= likelihood[as_it_is, places].sum()
    return as_it_is if kept else np.asarray(places, np.int64)


def is_certain(labels: Labels, probabilities: Floats, places: Places, tried: int) -> bool:
    """Return whether another order of classes is overwhelmingly likely.

    A sign test over the images that are right in one order and wrong in the other: by chance they
    would be one half each. The chance counts for every order that moves as many classes, and for
    every input that was tried; together it has to be below one in ten thousand.

    Args:
        labels: the class of each image.
        probabilities: one row per image, one column per output.
        places: the output of each class in the other order.
        tried: the number of inputs that were tried.
    """
    from scipy.stats import binomtest

    classes = probabilities.shape[1]
    answers = probabilities.argmax(axis=1)
    as_said, otherwise = answers == labels, answers == places[labels]
    better = int((otherwise & ~as_said).sum())
    worse = int((as_said & ~otherwise).sum())
    if not better:
        return False
    chance = binomtest(better, better + worse, 0.5, alternative="greater").pvalue
    moved = int((places != np.arange(classes)).sum())
    orders = lgamma(classes + 1) - lgamma(classes - moved + 1)
    return chance == 0 or log(chance) + orders + log(tried) < log(_CHANCE)


def losses(labels: Labels, probabilities: Floats) -> NDArray[np.float64]:
    """Return what each image costs at the temperature that suits these images best.

    So a model is judged by how it tells classes apart, and hardly by how sure it is. A model that
    is given what it learnt from is not a hundred times too sure, though: as pixels that are 255
    times too large make it.
    """
    fitted = fit_temperature(labels, probabilities).temperature
    kept = tempered(probabilities, min(max(fitted, 1 / _MOST_SURE), _MOST_SURE))
    return np.asarray(-np.log(kept[np.arange(len(labels)), labels]), np.float64)
