"""One of the processes that train together on JAX; the first one prints JSON.

Called with: the images, a folder to write to, the hosts, when to kill which process.
"""
# ruff: noqa: I001 (TensorFlow is taken away before anything could load it)

import support.no_tensorflow  # noqa: F401

import json
import os
import signal
import sys
from pathlib import Path

from vgg_transfer.events import EpochEnded, Stepped
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import resume, train

images, out, hosts, epoch, victim = (Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
place = out / "together"
index = hosts.rpartition(",")[2]
(out / f"process{index}").write_text(str(os.getpid()))
ended = []


def listen(event):
    """Kill the victim in the step behind an epoch of the third stage, which a checkpoint holds."""
    if isinstance(event, EpochEnded) and event.epoch.stage == 3:
        ended.append(event.epoch.epoch)
    if isinstance(event, Stepped) and ended[-1:] == [int(epoch)]:
        os.kill(int((out / f"process{victim}").read_text()), signal.SIGKILL)


if place.exists():
    run = resume(place, listen=listen, hosts=hosts)
else:
    recipe = from_toml((out / "recipe.toml").read_text())
    run = train(recipe, images, place, listen=listen, checkpoint_minutes=0, hosts=hosts)
history = [[one.loss, one.val_loss, one.accuracy, one.val_accuracy] for one in run.history]
judged = [one.probabilities[0] for one in run.judged]
print(json.dumps({"history": history, "judged": judged, "device": run.environment.device}))
