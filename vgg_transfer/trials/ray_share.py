"""What a Ray cluster gives to each of its tasks, and what it says when it cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """What one task asks of a cluster: processors and GPUs; and how many of them fit at once."""

    cpus: int
    gpus: int
    at_once: int


def share_of(nodes: Sequence[Mapping[str, float]]) -> Share:
    """Return what a task gets of these nodes.

    Args:
        nodes: what each offers, as Ray names it: ``{"CPU": 16, "GPU": 2}``.
    """
    offers = [(int(node.get("CPU", 0)), int(node.get("GPU", 0))) for node in nodes]
    with_gpu = [(cpus, gpus) for cpus, gpus in offers if gpus]
    if with_gpu:
        cpus = max(1, min(cpus // gpus for cpus, gpus in with_gpu))
        return Share(cpus, 1, sum(min(gpus, cpus_there // cpus) for cpus_there, gpus in with_gpu))
    cpus = min((cpus for cpus, _ in offers if cpus), default=1)
    return Share(cpus, 0, sum(there // cpus for there, _ in offers))


def first_sentence(error: Exception) -> str:
    """Return what an error of Ray says in short: most go on for many lines."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text.partition(". ")[0].rstrip(".")
