"""What a process does on JAX, where no TensorFlow can be imported; it prints JSON.

Called with: the images, others all of the size that "double" trains on, a folder to write to.
"""
# ruff: noqa: I001 (TensorFlow is taken away before anything could load it)

import support.no_tensorflow  # noqa: F401

import json
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from support.double import double_precision
from support.heard import CtrlC, Heard

from vgg_transfer.comparison import compare
from vgg_transfer.deploy import evaluate, predict
from vgg_transfer.errors import RunError
from vgg_transfer.explanations.heatmaps import heatmaps
from vgg_transfer.exports.export import export
from vgg_transfer.images import load_images
from vgg_transfer.images.numbered import feed as numbered
from vgg_transfer.images.numbered.changing import changer
from vgg_transfer.images.numbered.holding import held
from vgg_transfer.recipe import Augmentation, from_toml
from vgg_transfer.serving.opening import open_run
from vgg_transfer.training import resume, train

images, alike = (load_images(Path(folder), remember=False) for folder in sys.argv[1:3])
pictures, out = str(Path(sys.argv[1]) / "test"), Path(sys.argv[3])
recipes = {path.stem: from_toml(path.read_text()) for path in out.glob("*.toml")}
found = {}


def numbers(run):
    return [[epoch.loss, epoch.val_loss] for epoch in run.history]


staged = train(recipes["three"], images, out / "staged")
found["three"] = numbers(staged)
found["backend"] = [staged.environment.backend, staged.environment.packages["jax"] != "none"]

with suppress(KeyboardInterrupt):
    train(recipes["three"], images, out / "resumed", listen=CtrlC(batch=5))
again = resume(out / "resumed", listen=Heard())
found["resumed"] = numbers(again)

with patch.object(numbered, "held", partial(held, fits=lambda _: True)):
    found["held"] = numbers(train(recipes["three"], images, out / "held"))

heard = Heard()
varied = train(recipes["varied"], images, out / "varied", listen=heard)
found["said"] = heard.lines
found["varied"] = [varied.status, np.isfinite(numbers(varied)).all().item()]
found["predicted"] = [
    [len(predict(varied, pictures, averaging=averaging)) for averaging in ("flip", 2)],
    sum(max(one.probabilities.values()) >= 0.5 for one in predict(varied, pictures)),
]
found["evaluated"] = evaluate(varied, images).metrics.accuracy
probes = [recipes["probe"], recipes["probe"].changed(name="other", head={"pooling": "max"})]
found["compared"] = len(compare(images, probes, out / "compared", seeds=1).trials)
size = varied.recipe.size
square = np.random.default_rng(0).uniform(0, 255, (1, size, size, 3)).astype(np.float32)
refused = {
    "heat": lambda: list(heatmaps(varied, pictures)),
    "export": lambda: export(varied, ["keras"], out / "exported"),
}
for name, work in refused.items():
    try:
        work()
    except RunError as refusal:
        found[f"{name} refused"] = str(refusal)
served = open_run(varied)
found["served"] = [served.no_heat, len(served.said("one", served.rows(square)[0]).probabilities)]

noise = np.random.default_rng(0).uniform(0, 255, (1, 24, 24, 3)).astype(np.float32)
lively = Augmentation(
    flip="both", rotation=20.0, shift=0.2, shear=0.2, zoom=0.2, crop_padding=3, brightness=0.2,
    contrast=0.3, saturation=0.4, hue=0.1, grayscale=0.5, blur=1.5, erasing=0.5,
)  # fmt: skip
seeds = np.array([[1, 2], [-3, 4], [1, 2]])
changed = np.asarray(changer(lively, 24)(np.repeat(noise, 3, axis=0), seeds))
found["changed"] = {
    "range": [float(changed.min()), float(changed.max())],
    "moved": float(np.abs(changed - noise).max(axis=(1, 2, 3)).min()),
    "same seed": float(np.abs(changed[0] - changed[2]).max()),
    "other seed": float(np.abs(changed[0] - changed[1]).max()),
}
with double_precision():
    found["double"] = numbers(train(recipes["double"], alike, out / "double"))
found["tensorflow"] = "tensorflow" in sys.modules
print(json.dumps(found))
