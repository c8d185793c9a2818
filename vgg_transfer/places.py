"""Where things lie outside the user's own folders: every environment variable is read here.

VGG_TRANSFER_CACHE      where activations, prepared images and drawn splits are stored
VGG_TRANSFER_CACHE_GB   how many gigabytes activations may take (50)
KERAS_HOME              where Keras keeps downloaded weights
VGG_TRANSFER_TOKEN      what has to be shown to a service that others can reach
"""

import math
import os
from pathlib import Path

from vgg_transfer.errors import VggTransferError

PLACE, LIMIT = "VGG_TRANSFER_CACHE", "VGG_TRANSFER_CACHE_GB"
_DEFAULT_LIMIT_GB = 50.0


def cache_folder() -> Path:
    """Return the folder of all stores: $VGG_TRANSFER_CACHE, or one in the user's cache folder."""
    chosen = os.environ.get(PLACE)
    if chosen:
        return Path(chosen).expanduser()
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "vgg-transfer" / "activations"


def size_limit() -> int:
    """Return the bytes that all stores together may take: $VGG_TRANSFER_CACHE_GB, or 50 GB."""
    text = os.environ.get(LIMIT, "")
    try:
        gigabytes = float(text or _DEFAULT_LIMIT_GB)
    except ValueError:
        gigabytes = math.nan
    if not 0 <= gigabytes < math.inf:
        raise VggTransferError(
            f'{LIMIT} must be a number of gigabytes, 0 or more; received "{text}"'
        )
    return int(gigabytes * 1e9)


def keras_home() -> Path:
    """Return the folder of what Keras downloads: $KERAS_HOME, or .keras in the user's home."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()


def service_token() -> str:
    """Return $VGG_TRANSFER_TOKEN; empty where there is none."""
    return os.environ.get("VGG_TRANSFER_TOKEN", "")


def prepared_images() -> Path:
    """Return the folder of all images that a source had to unpack or to write."""
    return _beside_activations() / "images"


def drawn_splits() -> Path:
    """Return the folder where it is remembered how images were split."""
    return _beside_activations() / "splits"


def _beside_activations() -> Path:
    activations = cache_folder()
    return activations if os.environ.get(PLACE) else activations.parent
