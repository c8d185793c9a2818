"""The mean of a table of seeds × images, and how it would vary with other seeds and images.

Each cell is one answer: right or wrong, or the difference between two recipes. All seeds answer the
same images, so an answer varies with its seed, with its image, and by noise of its own. The method
is that of studies in which several readers judge the same cases (Dorfman, Berbaum and Metz, 1992;
Hillis, 2007), with seeds as readers: mean squares separate the three sources, and Student's t
allows for a variance that is estimated from three seeds. It departs from Hillis in the degrees of
freedom: he squares the ratio in them, which gives 7 to 9 % of false positives at the 5 % level
where three seeds differ notably.

Why no bootstrap: three seeds have only ten different resamples. Of 2,000 simulated comparisons (3
or 5 seeds, 200 or 500 images, 32 settings) 5 % should miss the truth. With this method 2 to 6 %
did; with resampled images 5 to 33 %, with resampled seeds and images 0 to 8 % (that counts the
noise of single answers three times: Owen, 2007, "The pigeonhole bootstrap"), and with the latter
studentised 5 to 13 %.

Where it holds, by tests/evaluation/test_pairs_simulation.py and more simulations like it: with one,
three or more seeds and a few hundred images its error rate is 3 to 7 %. Where only a handful of
answers differ (98 % right of 200 images, or few images) it errs less often and finds less, as every
test on so few must; with one seed and different recipes it may then miss the truth in 9 %. With two
seeds up to 10 % of its findings on equal recipes are false.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.evaluation.intervals import Interval, wilson


@dataclass(frozen=True)
class CrossedMean:
    """A mean over seeds and images, and the parts of its variance (the squared standard error)."""

    mean: float
    seeds: int
    images: int
    from_seeds: float
    """The part due to seeds, which includes the noise of single answers; 0 with one seed."""
    from_images: float
    from_noise: float
    """The part of ``from_seeds`` that is noise of single answers: more images make it smaller."""

    @property
    def variance(self) -> float:
        # Few seeds agree by chance now and then, which must not look like knowledge: the standard
        # error stays above half of what it would be if all answers were independent.
        return max(self.from_seeds + self.from_images, self.from_noise / 4)

    def degrees_of_freedom(self, variance: float) -> float:
        """Return the degrees of freedom of a variance.

        They go from seeds less one, where seeds cause all of it, to images less one.
        """
        most = max(self.images - 1.0, 1.0)
        if not self.from_seeds:
            return most
        return min((self.seeds - 1) * variance / self.from_seeds, most)

    def with_images(self, images: int) -> "CrossedMean":
        """Return what to expect with another number of images."""
        share = self.images / images
        seeds_alone = max(self.from_seeds - self.from_noise, 0.0)
        noise = self.from_noise * share
        return CrossedMean(
            self.mean, self.seeds, images, seeds_alone + noise, self.from_images * share, noise
        )

    def with_seeds(self, seeds: int) -> "CrossedMean":
        """Return what to expect with another number of seeds, of which there are two or more."""
        share = self.seeds / seeds
        return replace(
            self,
            seeds=seeds,
            from_seeds=self.from_seeds * share,
            from_noise=self.from_noise * share,
        )


def analyse(table: NDArray[np.generic]) -> CrossedMean:
    """Return the mean of a table with one row per seed and one column per image."""
    values = np.asarray(table, dtype=np.float64)
    seeds, images = values.shape
    mean = float(values.mean())
    by_seed, by_image = values.mean(axis=1) - mean, values.mean(axis=0) - mean
    images_less_one = max(images - 1, 1)
    square_images = seeds * float(by_image @ by_image) / images_less_one
    square_seeds = square_rest = 0.0
    if seeds > 1:
        rest = values - mean - by_seed[:, None] - by_image
        square_seeds = images * float(by_seed @ by_seed) / (seeds - 1)
        square_rest = float(np.sum(rest**2)) / ((seeds - 1) * images_less_one)
    return CrossedMean(
        mean=mean,
        seeds=seeds,
        images=images,
        from_seeds=square_seeds / values.size,
        from_images=max(square_images - square_rest, 0.0) / values.size,
        from_noise=square_rest / values.size,
    )


def difference_interval(found: CrossedMean, level: float = 0.95) -> Interval:
    """Return the interval of a mean difference of two shares, within -1 and 1."""
    variance = _told_apart(found)
    half = _quantile(found, variance, level) * math.sqrt(variance)
    return Interval(max(found.mean - half, -1.0), min(found.mean + half, 1.0), level)


def p_value(found: CrossedMean) -> float:
    """Return the probability that equal recipes differ by this much or more."""
    from scipy.special import stdtr

    variance = _told_apart(found)
    ratio = abs(found.mean) / math.sqrt(variance)
    return min(1.0, 2 * float(stdtr(found.degrees_of_freedom(variance), -ratio)))


def images_needed(
    found: CrossedMean, false_positives: float = 0.05, fewest: int = 30
) -> int | None:
    """Return how many images it takes to find this difference in 8 of 10 comparisons.

    The number of seeds stays the same. None where no number from ``fewest`` to ten million
    suffices, because the seeds differ too much or there is no difference.
    """
    from scipy.special import stdtrit

    few, many = fewest, 10_000_000
    for _ in range(2):  # a coarse search, then a fine one between the two numbers it ended at
        tried = np.unique(np.geomspace(few, many, 200).round().astype(np.int64))
        for before, images in zip([few, *tried], tried, strict=False):
            planned = found.with_images(int(images))
            variance = _told_apart(planned)
            degrees = planned.degrees_of_freedom(variance)
            reach = stdtrit(degrees, 1 - false_positives / 2) + stdtrit(degrees, 0.8)
            if abs(found.mean) >= reach * math.sqrt(variance):
                few, many = int(before), int(images)
                break
        else:
            return None
    return many


def share_interval(found: CrossedMean, level: float = 0.95) -> Interval:
    """Return the interval of a share of right answers, within 0 and 1 and never of width 0.

    Wilson's, for as many independent answers as would make the share equally uncertain, with
    Student's t (Korn and Graubard, 1998). With one seed it is Wilson's own.
    """
    share = found.mean
    if found.seeds == 1:
        return wilson(round(share * found.images), found.images, level)
    doubt, variance = share * (1 - share), found.variance
    # All right or all wrong: how much the seeds have in common is unknown, so images count once.
    independent = doubt / variance if variance else found.images
    squared = _quantile(found, variance, level) ** 2
    middle = (share + squared / (2 * independent)) / (1 + squared / independent)
    half = math.sqrt(squared * doubt / independent + (squared / independent) ** 2 / 4)
    half /= 1 + squared / independent
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0), level)


def _quantile(found: CrossedMean, variance: float, level: float) -> float:
    """Return how many standard errors lie between the mean and an end of its interval."""
    # scipy is imported inside functions here, as in ``intervals``: reading a run needs none of it.
    from scipy.special import stdtrit

    return float(stdtrit(found.degrees_of_freedom(variance), (1 + level) / 2))


def _told_apart(found: CrossedMean) -> float:
    """Return the variance of a difference, no less than that of one image answered differently.

    Two recipes with the same answers on 200 images may well differ on the next 200.
    """
    return max(found.variance, 1 / found.images**2)
