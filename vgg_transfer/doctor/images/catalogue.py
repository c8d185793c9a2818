"""All problems of images that the doctor can find, in the order in which it says them."""

from vgg_transfer.doctor.entry import Entry
from vgg_transfer.doctor.images.classes import IMBALANCE, TINY_CLASS, TWINS
from vgg_transfer.doctor.images.duplicates import COPIES, FEW_LEAKS, LEAKS, TWO_LABELS
from vgg_transfer.doctor.images.files import CLASS_IN_CLASS, MISNAMED, NESTED, UNREADABLE
from vgg_transfer.doctor.images.labels import DOUBTED_LABELS, WRONG_LABELS
from vgg_transfer.doctor.images.quality import BLANK, BLURRED, DARK, SMALL
from vgg_transfer.doctor.images.shortcuts import LOOKS, SHORTCUT
from vgg_transfer.doctor.images.splits import BURSTS, DIFFERENT_SPLITS

ENTRIES: tuple[Entry, ...] = (
    UNREADABLE, MISNAMED, CLASS_IN_CLASS, NESTED,
    TWINS, TINY_CLASS, IMBALANCE,
    BLANK, DARK, BLURRED, SMALL,
    TWO_LABELS, LEAKS, FEW_LEAKS, COPIES, BURSTS,
    SHORTCUT, LOOKS,
    DIFFERENT_SPLITS, WRONG_LABELS, DOUBTED_LABELS,
)  # fmt: skip
