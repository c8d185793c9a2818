"""Run notebooks from top to bottom and save them with what they show: `execute.py FILES`."""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def execute(file: Path, folder: Path, timeout: int) -> nbformat.NotebookNode:
    """Return the notebook as it is after running in a folder; a cell may take ``timeout`` seconds.

    Temporary files go to the folder as well. What TensorFlow says of itself and of the machine is
    left out, so that it does not come into the files.
    """
    notebook = nbformat.read(file, as_version=4)
    NotebookClient(
        notebook,
        timeout=timeout,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        kernel_name="python3",
    ).execute(env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TMPDIR": str(folder)})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not _from_tensorflow(one)]
    # The version of Python would change with every machine.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def _from_tensorflow(output: nbformat.NotebookNode) -> bool:
    return output.get("name") == "stderr" or output.get("text", "").startswith("WARNING:tensorflow")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as place:
            nbformat.write(execute(Path(name), Path(place), timeout=600), name)
        print(f"executed {name}")
