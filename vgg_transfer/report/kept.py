"""What the front door calls ``compare``: it leaves pictures behind; ``trained`` has its siblings.

A training knows nothing of figures; here it is followed by those that every run folder keeps. The
trials of a search are not drawn: ``vgg-transfer plot RUN`` does that where it is wanted.
"""

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from vgg_transfer import comparison
from vgg_transfer.report.figures.named import draw_trials

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def followed_by(
    draws: Callable[[_Made], str], trains: Callable[_Given, _Made]
) -> Callable[_Given, _Made]:
    """Return what trains; when it is done, what it made is drawn.

    Args:
        draws: draws it, and returns why something could not be drawn, or nothing.
        trains: makes it.
    """

    @wraps(trains)
    def trains_and_draws(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        made = trains(*args, **kwargs)
        if trouble := draws(made):
            warnings.warn(trouble, stacklevel=2)
        return made

    return trains_and_draws


compare = followed_by(draw_trials, comparison.compare)
