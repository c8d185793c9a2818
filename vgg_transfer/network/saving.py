"""The model to keep, as a file."""

import json
import zipfile
from pathlib import Path

import keras


def save_model(model: keras.Model, path: Path, class_names: tuple[str, ...]) -> None:
    """Write a model from ``servable`` with the names of its classes inside.

    Args:
        model: what is written.
        path: of a .keras file.
        class_names: in the order of its outputs.
    """
    model.save(path)
    # Keras ignores what else lies in its archive, so the names travel with the model.
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("class_names.json", json.dumps(class_names))
