"""What a process with four devices of JAX does on one, two and four of them; it prints JSON.

Called with: the images, a folder to write to, which holds recipes.
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
recipes = {path.stem: from_toml(path.read_text()) for path in out.glob("*.toml")}
found = {"refused": []}


def numbers(run):
    each = run.history
    return [[one.loss, one.val_loss, one.accuracy, one.val_accuracy] for one in each]


for name, devices in (("pixels", 1), ("pixels", 2), ("pixels", 4), ("stored", 1), ("stored", 4)):
    place, cache = out / f"{name}{devices}", name == "stored"
    run = train(recipes[name], images, place, cache=cache, devices=devices)
    found[place.name] = {
        "history": numbers(run),
        "judged": [one.probabilities[0] for one in run.judged],
        "device": run.environment.device,
    }
pictures = str(Path(sys.argv[1]) / "test")
found["answers"] = [len(predict(run, pictures)), len(run.judged), len(run.validated)]

for devices, recipe in ((9, recipes["pixels"]), (4, recipes["pixels"].changed(batch_size=6))):
    try:
        train(recipe, images, out / "refused", devices=devices)
    except TrainingError as refusal:
        found["refused"].append(str(refusal))
print(json.dumps(found))
