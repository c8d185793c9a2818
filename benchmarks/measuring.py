"""What all benchmarks share: a quiet TensorFlow, options, progress to stderr, JSON to stdout.

Import it before anything that loads TensorFlow.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from vgg_transfer.images import ImageRecord
from vgg_transfer.training.devices import choose_device


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that shows the description as it is written."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawTextHelpFormatter
    )


def machine() -> str:
    """Return the name of the device that trainings use."""
    return choose_device("fp32").name


def tell(what: str, found: Mapping[str, Any]) -> None:
    """Write one line of progress to stderr."""
    print(f"{what}: {json.dumps(found)}", file=sys.stderr, flush=True)


def answer(found: Mapping[str, Any]) -> None:
    """Print the result as JSON to stdout."""
    print(json.dumps(found, indent=2))


def spread(records: Sequence[ImageRecord], count: int) -> tuple[ImageRecord, ...]:
    """Return ``count`` records at even distances, so that every class has its share."""
    return tuple(records[place * len(records) // count] for place in range(count))
