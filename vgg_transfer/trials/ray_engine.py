"""An engine whose trials are tasks on a Ray cluster, each in a process of its own there.

The folder of the trials lies on a disk that all machines share: a node that is lost takes no
checkpoint with it, and its trial goes on elsewhere. Ray is imported where it is used: it is the
extra ``scale``.
"""

import os
import shutil
import threading
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgg_transfer import run as record
from vgg_transfer.errors import TrainingError
from vgg_transfer.events import Event, Listener, Said
from vgg_transfer.images import ImageSet
from vgg_transfer.places import PLACE
from vgg_transfer.run import Run
from vgg_transfer.trials.folder import wait_for_its_end
from vgg_transfer.trials.process import events_of_child
from vgg_transfer.trials.ray_passes import compute_on_ray
from vgg_transfer.trials.ray_share import Share, first_sentence
from vgg_transfer.trials.ray_sharing import check_shared
from vgg_transfer.trials.trial import Trial
from vgg_transfer.words import counted

if TYPE_CHECKING:
    from vgg_transfer.activations.passes import Computed, Pass
    from vgg_transfer.network import Network

_Events = Generator[Event, None, None]
_MOST_LOSSES = 3  # of nodes, for one trial
_PATIENCE = 120.0  # seconds until a file server lets go of what a lost machine held
_TO_END = 20.0  # seconds for a training that is ended


@dataclass
class OnRay:
    """An engine that trains on the cluster that ``ray`` is connected to; see ``on_ray``.

    Args:
        share: what a trial is given.
        nodes: how many machines there are.
    """

    share: Share
    nodes: int
    _images: dict[int, tuple[ImageSet, Any]] = field(default_factory=dict, repr=False)
    _running: list[Any] = field(default_factory=list, repr=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False)

    @property
    def at_once(self) -> int:
        """How many trials run at the same time."""
        return self.share.at_once

    @property
    def in_words(self) -> str:
        """What is trained on: ``Ray, 2 nodes: 2 trials at once, each with 8 processors``."""
        given = counted(self.share.cpus, "processor")
        if self.share.gpus:
            given = f"{counted(self.share.gpus, 'GPU')} and {given}"
        return (
            f"Ray, {counted(self.nodes, 'node')}: {counted(self.at_once, 'trial')} at once, "
            f"{'each ' if self.at_once > 1 else ''}with {given}"
        )

    def check(self, folder: Path | None, image_set: ImageSet) -> None:
        """Refuse to begin where a node does not share with this machine what it needs.

        Args:
            folder: where nodes will write runs, it exists; None: they write none.
            image_set: some of its images are read on each node.

        Raises:
            ClusterError: with what is wrong on which node.
        """
        shared = None if folder is None else folder.absolute()
        check_shared(shared, image_set, self._given(image_set))

    def compute_pass(self, network: "Network", one: "Pass") -> "Computed":
        """Compute a pass of images through frozen blocks, for ``train``'s ``from_images``.

        Args:
            network: whose blocks it goes through.
            one: what is computed.

        Raises:
            ClusterError: its nodes were lost again and again.
        """
        return compute_on_ray(self.share, network, one)

    def __call__(self, trial: Trial, image_set: ImageSet, folder: Path, listen: Listener) -> Run:
        """Train on some node; go on where it was on another one if that node is lost."""
        folder = folder.absolute()
        reason = ""
        for _ in range(_MOST_LOSSES):
            try:
                with closing(self._events(trial, image_set, folder)) as events:
                    for event in events:
                        listen(event)
                return record.read(folder)
            except _NodeLost as lost:
                if done := _left_by_the_lost(folder):
                    if done.status == "failed":
                        raise TrainingError(done.stages[-1].ended) from None
                    return done
                goes_on = record.is_unfinished(folder)
                where = "its last checkpoint" if goes_on else "its beginning"
                reason = str(lost)
                listen(Said(f"the node was lost ({reason}): the trial goes on from {where}"))
        raise TrainingError(
            f"the node that trained it was lost {_MOST_LOSSES} times ({reason}). Look at the "
            "cluster with `ray status`, and give the same command again"
        )

    def stop(self) -> None:
        """End the trials that run; each raises ``KeyboardInterrupt`` where it was called for."""
        import ray

        with self._lock:
            while self._running:
                ray.cancel(self._running.pop())

    def _events(self, trial: Trial, image_set: ImageSet, folder: Path) -> _Events:
        """Yield what happens in a task that trains, and end it where nobody listens any more."""
        import ray
        from ray.exceptions import RayError, RayTaskError, TaskCancelledError

        # Ray would begin it anew by itself, and take its events for those that were told before.
        task = ray.remote(max_retries=0, num_returns="streaming")(_train)
        asked = task.options(num_cpus=self.share.cpus, num_gpus=self.share.gpus, name=trial.name)
        given = self._given(image_set)
        with self._lock:
            stream = asked.remote(trial, given, folder, _variables())
            self._running.append(stream)
        try:
            for reference in stream:
                yield ray.get(reference)
        except TaskCancelledError:
            raise KeyboardInterrupt from None
        except RayTaskError as error:
            raise error.cause from None
        except RayError as error:
            raise _NodeLost(first_sentence(error)) from error
        except BaseException:  # of who listens: the training is not at its end
            self._cancel(stream)
            raise
        finally:
            self._forget(stream)

    def _cancel(self, stream: Any) -> None:
        """End one training, and wait for that."""
        import ray

        # Ray (2.60) was seen to abort this process where tasks were cancelled that had ended.
        if self._forget(stream):
            ray.cancel(stream)
        # Where the training ends later than this, it is waited for by whoever trains there.
        ray.wait([stream.completed()], timeout=_TO_END)

    def _forget(self, stream: Any) -> bool:
        """Take a training out of those that run; False where it is not among them."""
        with self._lock:
            found = [one for one in self._running if one is stream]
            self._running = [one for one in self._running if one is not stream]
        return bool(found)

    def _given(self, image_set: ImageSet) -> Any:
        """Return the image set as Ray keeps it: handed over once, however many trials read it."""
        import ray

        with self._lock:
            if id(image_set) not in self._images:
                self._images[id(image_set)] = image_set, ray.put(image_set)
            return self._images[id(image_set)][1]


class _NodeLost(Exception):  # noqa: N818 (a fact for the engine, which goes on elsewhere)
    """The machine is gone on which a trial ran, or Ray's process that ran it."""


def _train(
    trial: Trial, image_set: ImageSet, folder: Path, variables: Mapping[str, str]
) -> _Events:
    """Train in a process of its own; this runs on a node."""
    yield from events_of_child(trial, image_set, folder, variables)


def _variables() -> dict[str, str]:
    """Return where this machine keeps stores, if it was told so: then the nodes keep them there."""
    return {PLACE: os.environ[PLACE]} if PLACE in os.environ else {}


def _left_by_the_lost(folder: Path) -> Run | None:
    """Return the run that a lost node had brought to its end; leave only what can go on."""
    wait_for_its_end(folder, _PATIENCE)
    if record.is_unfinished(folder):
        if not record.has_checkpoint(folder):
            shutil.rmtree(folder)
        return None
    if (folder / "run.json").is_file():
        return record.read(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return None
