"""Whether all processes of a training see the same disk, asked before any work begins."""

import secrets
from collections.abc import Sequence
from pathlib import Path

from vgg_transfer.errors import ClusterError
from vgg_transfer.training.spread.hosts import Hosts
from vgg_transfer.words import printable


def check_shared(hosts: Hosts, folders: Sequence[Path], image_set: str) -> None:
    """Refuse to begin where a process does not see a folder, or sees other images.

    Args:
        hosts: the processes; nothing is asked where there is one.
        folders: must be the same for all; the first process makes them.
        image_set: the digest of the images.

    Raises:
        ClusterError: in every process, with what is wrong in which.
    """
    if hosts.count == 1:
        return
    faults: list[str] = []
    for folder in map(Path, hosts.told([str(one.absolute()) for one in folders])):
        question = hosts.told(f".shared-{secrets.token_hex(8)}")
        place = folder / question
        if hosts.is_first:
            folder.mkdir(parents=True, exist_ok=True)
            place.touch()
        hosts.all_say(None)
        fault = "" if place.exists() else f'the folder "{printable(folder)}" is not shared with it'
        faults += _named(hosts.all_say(fault))
        if hosts.is_first:
            place.unlink()
    digests = hosts.all_say(image_set)
    faults += _named(["" if one == digests[0] else "its images are others" for one in digests])
    if faults:
        raise ClusterError(
            "the processes do not share what one training needs:\n  "
            + "\n  ".join(faults)
            + "\nThe run folder, the images and the stored activations (VGG_TRANSFER_CACHE) must "
            "lie on a disk that every host mounts at the same place"
        )


def _named(faults: list[str]) -> list[str]:
    return [f"process {number}: {fault}" for number, fault in enumerate(faults) if fault]
