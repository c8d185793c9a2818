"""Several questions asked of the same answers: p-values that allow for all of them."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values as Holm (1979) adjusts them, in their order.

    Each is multiplied by the number of those that are not smaller: whoever acts below 5 % errs in
    5 of 100 cases at most, however many questions there are.

    Args:
        p_values: one for each question.
    """
    adjusted, least = [0.0] * len(p_values), 0.0
    for passed, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - passed) * p_values[index]))
        adjusted[index] = least
    return adjusted
