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
_DAMAGE = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile)


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
    arrays: dict[str, NDArray[Any]] = {
        "places": features.places,
        "rows": features.rows.astype(np.float16),  # three digits are enough to compare them
        "model": np.array([weights_checksum(folder)], np.int64),
    }
    with whole_file(folder / _FILE) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


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
            places, rows, model = (_array(archive, name) for name in ("places", "rows", "model"))
        is_ours = model.shape == (1,) and model[0] == weights_checksum(folder)
    except _DAMAGE:
        return None
    return (
        Features(places, rows.astype(np.float32))
        if is_ours and _fit(places, rows, images)
        else None
    )


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as member:
        array: NDArray[Any] = np.lib.format.read_array(member, allow_pickle=False)
    return array


def weights_checksum(folder: Path) -> int:
    """Return the checksum of the weights of a run's model, which its archive holds already.

    Raises:
        OSError, KeyError, BadZipFile: there is no such model.
    """
    with zipfile.ZipFile(folder / "model.keras") as archive:
        return archive.getinfo(_WEIGHTS).CRC


def _fit(places: NDArray[Any], rows: NDArray[Any], images: int) -> bool:
    """Return whether these are rows of features of images that there are."""
    return (
        places.ndim == 1
        and places.dtype == np.int64
        and rows.ndim == 2
        and rows.dtype == np.float16
        and len(rows) == len(places) > 0
        and 0 <= places.min() <= places.max() < images
        and bool(np.isfinite(rows).all())
    )
