"""What every benchmark does the same: TensorFlow kept quiet, progress to stderr, JSON to stdout.

Import it before anything that loads TensorFlow.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from vgg_transfer.images import ImageRecord
from vgg_transfer.training.devices import choose_device


def machine() -> str:
    """Return the name of the device that trainings use."""
    return choose_device("fp32").name


def tell(what: str, found: Mapping[str, Any]) -> None:
    """Write one line of progress."""
    print(f"{what}: {json.dumps(found)}", file=sys.stderr, flush=True)


def answer(found: Mapping[str, Any]) -> None:
    """Print the one JSON object."""
    print(json.dumps(found, indent=2))


def spread(records: Sequence[ImageRecord], count: int) -> tuple[ImageRecord, ...]:
    """Return some records, spread over all: they are sorted by class."""
    return tuple(records[place * len(records) // count] for place in range(count))
