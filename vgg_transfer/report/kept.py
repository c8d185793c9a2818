"""What the front door calls ``train``, ``resume`` and ``compare``: they leave pictures behind.

A training knows nothing of figures; here it is followed by those that every run folder keeps. The
trials of a search are not drawn: ``vgg-transfer plot RUN`` does that where it is wanted.
"""

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from vgg_transfer import comparison, training
from vgg_transfer.report.figures.named import draw_into_folder, draw_trials

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def _followed_by(
    draws: Callable[[_Made], str], trains: Callable[_Given, _Made]
) -> Callable[_Given, _Made]:
    """Return what trains; when it is done, what it made is drawn."""

    @wraps(trains)
    def trains_and_draws(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        made = trains(*args, **kwargs)
        if trouble := draws(made):
            warnings.warn(trouble, stacklevel=2)
        return made

    return trains_and_draws


train = _followed_by(draw_into_folder, training.train)
resume = _followed_by(draw_into_folder, training.resume)
compare = _followed_by(draw_trials, comparison.compare)
