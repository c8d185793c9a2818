"""Simulated comparisons whose truth is known.

An image is answered rightly with the probability logistic(recipe + image + image for this recipe +
seed for this recipe); images and seeds are normally distributed. The truth, an accuracy over all
images and seeds, is the integral over the sum of these, which is normal as well. So the recipe's
constant is what makes this integral the accuracy that is asked for.

Seeds: "alike", or with a standard deviation of their accuracies of 0.5 points (moderate) or 2
(notable). Recipes: "same" err on the same images, "near" and "far" on more and more different ones.
In "settled" images decide four fifths of an answer, as for trainings from the same pretrained
weights, and in the others about half.
"""

from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

COMPARISONS = 2000
# A standard normal distribution as 1,000 equally likely values.
NORMAL = norm.ppf((np.arange(1000) + 0.5) / 1000)
ALIKE, MODERATE, NOTABLE = 0.0, 0.005, 0.02
# The spread, on the logit scale, of the images that both recipes share and of those of each.
SAME, NEAR, FAR = (2.5, 0.0), (2.5, 0.7), (3.0, 1.5)
SETTLED = (9.0, 2.0)


def logistic(x):
    return 1 / (1 + np.exp(-x))


def constant_for(accuracy, spread):
    return brentq(lambda c: logistic(c + spread * NORMAL).mean() - accuracy, -40, 40)


@cache
def constants(accuracy, spread, points):
    """Return the recipe's constant and the spread of its seeds' that gives these points."""

    def seeds_differ_by(seed_spread):
        constant = constant_for(accuracy, np.hypot(spread, seed_spread))
        # Every 20th value of the distribution is enough for a standard deviation.
        by_seed = [logistic(constant + seed_spread * z + spread * NORMAL) for z in NORMAL[10::20]]
        return np.std([one.mean() for one in by_seed])

    seed_spread = brentq(lambda s: seeds_differ_by(s) - points, 0, 3, xtol=1e-3) if points else 0.0
    return constant_for(accuracy, np.hypot(spread, seed_spread)), seed_spread


def right_answers(random, shared_images, seeds, accuracy, spreads, points):
    """Return whether each answer is right, of shape (comparison, seed, image)."""
    shared, own = spreads
    constant, seed_spread = constants(accuracy, float(np.hypot(shared, own)), points)
    comparisons, images = shared_images.shape
    logit = constant + shared * shared_images
    logit += own * random.standard_normal(logit.shape)
    by_seed = seed_spread * random.standard_normal((comparisons, seeds, 1))
    return random.random((comparisons, seeds, images)) < logistic(logit[:, None] + by_seed)


def comparisons_of(accuracies, seeds, images, spreads, points, comparisons=COMPARISONS):
    """Return the right answers of two recipes on the same images: one generator, one fixed seed."""
    random = np.random.default_rng(5)
    shared_images = random.standard_normal((comparisons, images))
    return [
        right_answers(random, shared_images, seeds, accuracy, spreads, points)
        for accuracy in accuracies
    ]
