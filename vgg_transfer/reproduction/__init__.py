"""Published results, run again: what was published, what a run here gives, and whether they agree.

``all_published`` reads published.toml; the recipe of the same name repeats each. ``reproduce``
trains it on images cut to the publication's numbers and compares. ``repeat`` does the same under
given ``Conditions``; ``attempt`` does so for one of several, whose failure stops no other.
"""

from vgg_transfer.reproduction.agreement import Agreement
from vgg_transfer.reproduction.repetition import Reproduction, attempt, repeat, reproduce
from vgg_transfer.reproduction.results import Published, all_published, published
from vgg_transfer.reproduction.setting import Conditions

__all__ = [
    "Agreement",
    "Conditions",
    "Published",
    "Reproduction",
    "all_published",
    "attempt",
    "published",
    "repeat",
    "reproduce",
]
