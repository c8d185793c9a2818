"""The check of an exported model in a new process, where nothing of this one can help it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from vgg_transfer.artefacts.proving import Checked
from vgg_transfer.checking import as_value
from vgg_transfer.errors import ArtefactError
from vgg_transfer.words import excerpt


def check_in_new_process(folder: Path) -> Checked:
    """Return what ``vgg-transfer check`` sees.

    Raises:
        ArtefactError: it could not be opened or asked.
    """
    path = os.pathsep.join(str(Path(place).absolute()) for place in sys.path)
    found = subprocess.run(
        # -P: a file in the current folder must not be taken for a module.
        [sys.executable, "-P", "-m", "vgg_transfer", "check", str(folder), "--json"],
        env={"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        (one,) = json.loads(found.stdout)["checked"]
    except ValueError:
        lines = found.stderr.strip().splitlines() or [f"it ended with code {found.returncode}"]
        raise ArtefactError(excerpt(lines[-1].removeprefix("error: "), 600)) from None
    checked: Checked = as_value(Checked, one, "what the check printed")
    return checked
