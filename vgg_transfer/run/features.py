"""What a run's model makes of its own images: kept in the run folder once it was computed.

It is no part of the record: where the file is lost or damaged it is computed again.
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgg_transfer.writing import whole_file

_FILE = "features.npz"
_WEIGHTS = "model.weights.h5"  # in model.keras
_DAMAGE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class Features:
    """One row of features for some images of a run.

    Args:
        places: of the images in the run's manifest, those of each split in their order.
        rows: float32, one for each image.
    """

    places: NDArray[np.int64]
    rows: NDArray[np.float32]


def keep_features(folder: Path, features: Features) -> None:
    """Write features into a run folder.

    Raises:
        OSError: the folder cannot be written to.
    """
    with whole_file(folder / _FILE) as partial, partial.open("wb") as file:
        np.savez(
            file,
            places=features.places,
            rows=features.rows.astype(np.float16),  # three digits are enough to compare them
            model=_digest(folder),
        )


def read_features(folder: Path, images: int) -> Features | None:
    """Return what was kept; None where nothing is, or not of this model.

    Args:
        folder: of the run.
        images: the number of images in its manifest.
    """
    try:
        with zipfile.ZipFile(folder / _FILE) as archive:
            if any(one.compress_type != zipfile.ZIP_STORED for one in archive.infolist()):
                return None  # it may be far larger than its file
        with np.load(folder / _FILE, allow_pickle=False) as found:
            arrays: dict[str, NDArray[Any]] = {name: found[name] for name in found.files}
        return _checked(arrays, images) if int(arrays["model"]) == _digest(folder) else None
    except _DAMAGE:
        return None


def _digest(folder: Path) -> int:
    """Return the checksum of the model's weights, which its archive holds already."""
    with zipfile.ZipFile(folder / "model.keras") as archive:
        return archive.getinfo(_WEIGHTS).CRC


def _checked(arrays: dict[str, NDArray[Any]], images: int) -> Features | None:
    places, rows = arrays["places"], arrays["rows"]
    fits = (
        (places.ndim, places.dtype.kind) == (1, "i")
        and rows.ndim == 2
        and rows.dtype == np.float16
        and len(rows) == len(places) > 0
        and 0 <= places.min() <= places.max() < images
        and bool(np.isfinite(rows).all())
    )
    if not fits:
        return None
    return Features(places.astype(np.int64), rows.astype(np.float32))
