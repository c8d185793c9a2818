"""The mean of a table of seeds × images, and how it would vary with other seeds and images.

Each cell is one answer: right or wrong, or the difference between two recipes. All seeds answer the
same images, so an answer varies with its seed, with its image, and by noise of its own. The method
is that of studies in which several readers judge the same cases (Dorfman, Berbaum and Metz, 1992;
Hillis, 2007), with seeds as readers: mean squares separate the three sources, and Student's t
allows for a variance that is estimated from three seeds. It departs from Hillis in the degrees of
freedom: he squares the ratio in them, which gives 7 to 9 % of false positives at the 5 % level
where three seeds differ notably. Of two seeds it is the square root of the ratio, since two are
often close together by chance.

Seeds are no further images, so no interval is narrower than images alone allow, however well a few
seeds agree:

- of a difference: than it would be if seeds had no effect of their own (Student's t over images,
  with images less one degrees of freedom);
- of a share: than Wilson's of one training with this share. This is Korn and Graubard's effective
  number of answers (1998), never above the number of images. It costs little where trainings agree
  on most images, as those from the same pretrained weights do.

Why no bootstrap: three seeds have only ten different resamples. Of 2,000 simulated comparisons (3
or 5 seeds, 200 or 500 images, 32 settings) 5 % should miss the truth; with resampled images 5 to
33 % did, with resampled seeds and images 0 to 8 % (that counts the noise of single answers three
times: Owen, 2007, "The pigeonhole bootstrap"), and with the latter studentised 5 to 13 %.

How often it holds, by tests/evaluation/test_pairs_simulation.py, test_few_images_simulation.py and
more simulations like them: in 93 % or more with 13 to 500 images and two, three or five seeds, or
with one seed and a few hundred images. About 95 % hold where three or more seeds differ notably, 96
to 99 % where they hardly do, since images alone then decide, and 95 to 99 % with two seeds, which
cannot tell the one from the other. Where only a handful of answers differ (98 % right of 200
images, or few images) nearly all hold and less is found, as in every test on so few; with one seed
and different recipes 9 % may then miss the truth. Where trainings hardly agree on which images are
wrong, intervals of shares are up to half wider than they need be, and 99 % of them hold.
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
        """The squared standard error, for other seeds and other images."""
        return self.from_seeds + self.from_images

    @property
    def variance_of_images(self) -> float:
        """What ``variance`` would be if seeds had no effect of their own."""
        return self.from_images + self.from_noise

    def degrees_of_freedom(self, variance: float) -> float:
        """Return the degrees of freedom of a variance.

        They go from seeds less one, where seeds cause all of it, to images less one.
        """
        most = max(self.images - 1.0, 1.0)
        if not self.from_seeds:
            return most
        ratio = variance / self.from_seeds
        # Two seeds that are close together by chance would otherwise pass for many.
        free = math.sqrt(ratio) if self.seeds == 2 else (self.seeds - 1) * ratio
        return min(free, most)

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
    # scipy is imported inside functions here, as in ``intervals``: reading a run needs none of it.
    from scipy.special import stdtrit

    half = max(
        float(stdtrit(degrees, (1 + level) / 2)) * error for error, degrees in _errors(found)
    )
    return Interval(max(found.mean - half, -1.0), min(found.mean + half, 1.0), level)


def p_value(found: CrossedMean) -> float:
    """Return the probability that equal recipes differ by this much or more.

    It is below 5 % exactly where the interval of 95 % is without 0.
    """
    from scipy.special import stdtr

    one_sided = [
        float(stdtr(degrees, -abs(found.mean) / error)) for error, degrees in _errors(found)
    ]
    return min(1.0, 2 * max(one_sided))


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
            reach = max(
                error * (stdtrit(degrees, 1 - false_positives / 2) + stdtrit(degrees, 0.8))
                for error, degrees in _errors(found.with_images(int(images)))
            )
            if abs(found.mean) >= reach:
                few, many = int(before), int(images)
                break
        else:
            return None
    return many


def share_interval(found: CrossedMean, level: float = 0.95) -> Interval:
    """Return the interval of a share of right answers, within 0 and 1 and never of width 0.

    Wilson's, for as many independent answers as would make the share equally uncertain, with
    Student's t (Korn and Graubard, 1998); and where that is narrower, Wilson's for one answer to
    each image. With one seed it is Wilson's own.
    """
    from scipy.special import ndtri, stdtrit

    share, variance = found.mean, found.variance
    if found.seeds == 1:
        return wilson(round(share * found.images), found.images, level)
    quantile = (1 + level) / 2
    ends = [*_score_ends(share, found.images, float(ndtri(quantile)))]
    if variance and 0 < share < 1:
        degrees = found.degrees_of_freedom(variance)
        independent = share * (1 - share) / variance
        ends += _score_ends(share, independent, float(stdtrit(degrees, quantile)))
    return Interval(max(min(ends), 0.0), min(max(ends), 1.0), level)


def _score_ends(share: float, answers: float, errors: float) -> tuple[float, float]:
    """Return the ends of Wilson's interval of a share of so many independent answers.

    ``errors`` is how many standard errors lie between the share and an end.
    """
    squared = errors**2 / answers
    middle = (share + squared / 2) / (1 + squared)
    half = math.sqrt(squared * share * (1 - share) + squared**2 / 4) / (1 + squared)
    return middle - half, middle + half


def _errors(found: CrossedMean) -> list[tuple[float, float]]:
    """Return both standard errors of a difference, each with its degrees of freedom.

    The first is for other seeds and images, the second for other images alone: whichever is the
    more cautious decides. Neither is below that of one image answered differently: two recipes with
    the same answers on 200 images may well differ on the next 200.
    """
    least = 1 / found.images**2
    whole, of_images = max(found.variance, least), max(found.variance_of_images, least)
    return [
        (math.sqrt(whole), found.degrees_of_freedom(whole)),
        (math.sqrt(of_images), max(found.images - 1.0, 1.0)),
    ]
