"""Which pictures are learnt from, which choose, which judge: given, kept in a file, or drawn.

``assign([Unsplit(digest, "cats"), …], seed, Splitting(fold=Fold(2, 5)))`` gives every picture its
split; ``read_split_file`` and ``save_split_file`` keep splits as a table.
"""

from vgg_transfer.images.splits.assign import assign
from vgg_transfer.images.splits.grouping import Unsplit
from vgg_transfer.images.splits.split_file import SplitFile, read_split_file, save_split_file
from vgg_transfer.images.splits.splitting import (
    DEFAULT_SPLITTING,
    Fold,
    Shares,
    Splitting,
    plan_drawing,
)

__all__ = [
    "DEFAULT_SPLITTING",
    "Fold",
    "Shares",
    "SplitFile",
    "Splitting",
    "Unsplit",
    "assign",
    "plan_drawing",
    "read_split_file",
    "save_split_file",
]
