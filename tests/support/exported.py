"""An exported model made by hand: it answers how dark and how bright a picture is."""

import numpy as np
from PIL import Image

from vgg_transfer.artefacts.artefact import Artefact, Reference, digest_of_model, write_artefact


def darkness(pixels):
    """Answer how dark and how bright pictures are: a model whose numbers anybody can tell."""
    bright = pixels.mean(axis=(1, 2, 3)) / 255
    return np.stack([1 - bright, bright], axis=1).astype(np.float32)


def write_darkness(folder):
    """Write a folder as ``export`` does, for a runtime that has to be ``darkness``."""
    (folder / "golden").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"weights")
    references = []
    for number, grey in enumerate((51, 204)):
        Image.new("RGB", (6, 4), (grey,) * 3).save(folder / "golden" / f"{number}.png")
        references.append(Reference(f"{number}.png", (1 - grey / 255, grey / 255)))
    artefact = Artefact(
        format="onnx",
        class_names=("dark", "bright"),
        size=4,
        resize="squash",
        temperature=1.0,
        tolerance=1e-4,
        references=tuple(references),
        digest=digest_of_model(folder / "model.onnx"),
        run="run",
        made_by="0",
    )
    write_artefact(artefact, folder)
    return folder
