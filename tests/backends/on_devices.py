"""What a process with four devices of JAX does on one, two and four of them; it prints JSON.

Called with: the images, a folder to write to, which holds recipe.toml.
"""

# ruff: noqa: I001 (TensorFlow is taken away before anything could load it)

import support.no_tensorflow  # noqa: F401

import json
import sys
from pathlib import Path

from vgg_transfer.deploy import predict
from vgg_transfer.errors import TrainingError
from vgg_transfer.images import load_images
from vgg_transfer.recipe import from_toml
from vgg_transfer.training import train

images, out = load_images(Path(sys.argv[1]), remember=False), Path(sys.argv[2])
recipe = from_toml((out / "recipe.toml").read_text())
found = {"refused": []}
for devices in (1, 2, 4):
    run = train(recipe, images, out / str(devices), cache=False, devices=devices)
    each = run.history
    found[str(devices)] = {
        "history": [[one.loss, one.val_loss, one.accuracy, one.val_accuracy] for one in each],
        "judged": [one.probabilities[0] for one in run.judged],
        "device": run.environment.device,
    }
pictures = str(Path(sys.argv[1]) / "test")
found["answers"] = [len(predict(run, pictures)), len(run.judged), len(run.validated)]
for devices, asked in ((9, recipe), (4, recipe.changed(batch_size=6))):
    try:
        train(asked, images, out / "refused", devices=devices)
    except TrainingError as refusal:
        found["refused"].append(str(refusal))
print(json.dumps(found))
