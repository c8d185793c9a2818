"""Whether the nodes of a Ray cluster see the folder and the images that this machine sees.

Asked before anything is trained: this machine writes a file, each node reads it and answers with
one of its own, which is read here; and each node reads some of the images.
"""

import hashlib
import secrets
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vgg_transfer.errors import ClusterError
from vgg_transfer.images import ImageSet
from vgg_transfer.words import counted, printable

_PACKAGE = "vgg-transfer"
_QUESTION = "question"
_IMAGES = 8  # of all, spread evenly
_SECONDS = 120.0  # for all nodes to answer, the import of the package among it


def check_shared(folder: Path | None, image_set: ImageSet, handed_over: Any) -> None:
    """Refuse to begin where a node does not share what this machine has.

    Args:
        folder: where runs will be written, it exists; None: nodes write nothing.
        image_set: the images to train on.
        handed_over: the same, as Ray keeps it.

    Raises:
        ClusterError: with what is wrong on which node.
    """
    import ray

    nodes = [node for node in ray.nodes() if node["Alive"]]
    if folder is None:
        found = _asked(nodes, None, handed_over)
    else:
        place = folder / f".shared-{secrets.token_hex(8)}"
        place.mkdir()
        try:
            question = secrets.token_hex(32)
            (place / _QUESTION).write_text(question, encoding="utf-8")
            asked = _asked(nodes, place, handed_over)
            found = {n: faults or _unheard(place / n, question) for n, faults in asked.items()}
        finally:
            shutil.rmtree(place, ignore_errors=True)
    faults = [f"{name}: {fault}" for name, several in found.items() for fault in several]
    if faults:
        images = f"the images of {image_set.source}"
        shared = f"OUT and {images}" if folder else images[0].upper() + images[1:]
        raise ClusterError(
            "the nodes of the Ray cluster do not share what they need:\n  "
            + "\n  ".join(faults)
            + f"\n{shared} must lie on a disk that every node mounts at the same place, and each "
            f"needs {_PACKAGE} {version(_PACKAGE)}"
        )


def _asked(
    nodes: Sequence[Mapping[str, Any]], place: Path | None, images: Any
) -> dict[str, list[str]]:
    """Return the faults by the name of the node."""
    import ray
    from ray.exceptions import GetTimeoutError, RayError
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    task = ray.remote(num_cpus=0, max_retries=0)(answer)
    begun = {}
    for number, node in enumerate(nodes, start=1):
        name = f"node {number} ({node['NodeManagerAddress']})"
        here = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
        asked = task.options(scheduling_strategy=here)
        begun[name] = asked.remote(place, name, version(_PACKAGE), images)
    ray.wait(list(begun.values()), num_returns=len(begun), timeout=_SECONDS)
    found = {}
    for name, reference in begun.items():
        try:
            found[name] = ray.get(reference, timeout=0)
        except GetTimeoutError:
            found[name] = [f"it has not answered in {_SECONDS:.0f} s"]
            ray.cancel(reference, force=True)
        except RayError as error:
            found[name] = [" ".join(str(error).strip().splitlines()[-1].split())]
    return found


def answer(place: Path | None, name: str, wanted: str, image_set: ImageSet) -> list[str]:
    """Return what a node lacks, and answer in a file where it lacks nothing; this runs there.

    Args:
        place: the folder in which this node is asked; None: it need not share any.
        name: what this node is called.
        wanted: the version of the package that asks.
        image_set: its images must be there.
    """
    faults = []
    if (here := version(_PACKAGE)) != wanted:
        faults.append(f"it has {_PACKAGE} {here}, and {wanted} is needed")
    try:
        if place is not None:
            question = (place / _QUESTION).read_text(encoding="utf-8")
            (place / name).write_text(question, encoding="utf-8")
    except OSError as error:
        shown = printable(place.parent if place else "")
        faults.append(f'the folder "{shown}" is not shared with it ({error.strerror})')
    if absent := _absent(image_set):
        some = counted(min(_IMAGES, len(image_set.records)), "image")
        faults.append(f'of {some} it cannot read {len(absent)}, such as "{printable(absent[0])}"')
    return faults


def _absent(image_set: ImageSet) -> list[Path]:
    """Return those of some images that are not here, or are others."""
    step = max(1, len(image_set.records) // _IMAGES)
    absent = []
    for one in image_set.records[::step][:_IMAGES]:
        try:
            with one.path.open("rb") as file:
                is_same = hashlib.file_digest(file, "sha256").hexdigest() == one.digest
        except OSError:
            is_same = False
        if not is_same:
            absent.append(one.path)
    return absent


def _unheard(file: Path, question: str) -> list[str]:
    """Return the fault where a node's answer has not come to this machine."""
    try:
        if file.read_text(encoding="utf-8") == question:
            return []
    except OSError:
        pass
    return [f'what it writes in "{printable(file.parent.parent)}" does not appear here']
