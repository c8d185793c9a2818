"""Published results, run again: what was published, what a run here gives, and whether they agree.

``all_published`` reads published.toml; the recipe of the same name repeats each. ``reproduce``
trains it on images cut to the publication's numbers and compares (``compare_with``); ``attempt``
does so for one of several, whose failure stops no other.
"""

from vgg_transfer.reproduction.agreement import Agreement, compare_with
from vgg_transfer.reproduction.repetition import Reproduction, attempt, reproduce
from vgg_transfer.reproduction.results import Published, all_published, published

__all__ = [
    "Agreement",
    "Published",
    "Reproduction",
    "all_published",
    "attempt",
    "compare_with",
    "published",
    "reproduce",
]
