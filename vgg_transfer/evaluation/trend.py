"""Whether a short series of numbers rises: Mann and Kendall's test."""

from collections.abc import Sequence


def rises_by_chance(values: Sequence[float]) -> float:
    """Return how likely numbers in a random order would rise as steadily, or more.

    One-sided and exact: five numbers that rise all the way give 1 / 120.

    Args:
        values: in their order; with fewer than three nothing can be said, and it is 1.
    """
    if len(values) < 3:
        return 1.0
    # Imported here: scipy.stats takes ten times longer to load than this room.
    from scipy.stats import kendalltau

    found = kendalltau(range(len(values)), values, alternative="greater")
    return 1.0 if found.pvalue != found.pvalue else float(found.pvalue)  # NaN: all are equal
