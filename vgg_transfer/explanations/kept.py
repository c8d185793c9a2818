"""Whether the heatmaps of a run are to be trusted: measured once, and kept in the run folder.

It is no part of the record: where the file is lost, damaged or of another model, it is measured
again.
"""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

from vgg_transfer.checking import as_value
from vgg_transfer.explanations.values import Faithfulness
from vgg_transfer.reading import read_json
from vgg_transfer.run import Run
from vgg_transfer.run.features import weights_checksum
from vgg_transfer.writing import whole_file

_FILE = "faithfulness.json"


@dataclass(frozen=True)
class _Kept:
    model: int
    block: str
    found: Faithfulness


def kept_faithfulness(run: Run, block: str | None = None) -> Faithfulness | None:
    """Return what was measured on a run's own pictures; None where it was not.

    Args:
        run: whose heatmaps are meant.
        block: at whose last convolution. [default: the last block]
    """
    with suppress(OSError, ValueError, KeyError, zipfile.BadZipFile):
        kept: _Kept = as_value(_Kept, read_json(run.folder / _FILE), _FILE)
        if (kept.model, kept.block) == (weights_checksum(run.folder), _block(run, block)):
            return kept.found
    return None


def measured_once(run: Run, block: str | None, measure: Callable[[], Faithfulness]) -> Faithfulness:
    """Return what was measured on a run's own pictures; where it was not, measure and keep it.

    Args:
        run: whose heatmaps are meant.
        block: at whose last convolution; None is the last block.
        measure: measures it.
    """
    if (kept := kept_faithfulness(run, block)) is not None:
        return kept
    found = measure()
    with suppress(OSError, KeyError, zipfile.BadZipFile):  # a folder that may only be read
        value = _Kept(weights_checksum(run.folder), _block(run, block), found)
        with whole_file(run.folder / _FILE) as partial:
            partial.write_text(json.dumps(asdict(value), indent=2) + "\n", encoding="utf-8")
    return found


def _block(run: Run, block: str | None) -> str:
    return block or run.recipe.base.block_names[-1]
