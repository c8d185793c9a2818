"""Names of Keras: by their whole path, in any of its packages and ages, and those without one."""

from vgg_transfer.doctor.scripts.keras.applications import APPLICATIONS
from vgg_transfer.doctor.scripts.values.calling import Named
from vgg_transfer.doctor.scripts.values.kinds import LAYERS

_ROOTS = (
    "tensorflow.compat.v1.keras.",
    "tensorflow.python.keras.",
    "tensorflow.compat.v2.keras.",
    "tensorflow.keras.",
    "tensorflow.contrib.keras.",
    "tf_keras.",
    "keras.api.",
    "keras.src.",
    "keras.",
)
OPTIMIZERS = frozenset(
    [
        "Adam",
        "AdamW",
        "SGD",
        "RMSprop",
        "Adagrad",
        "Adadelta",
        "Adamax",
        "Nadam",
        "Ftrl",
        "Lion",
        "Adafactor",
        "Lamb",
    ]
)
CALLBACKS = frozenset(
    [
        "EarlyStopping",
        "ModelCheckpoint",
        "ReduceLROnPlateau",
        "LearningRateScheduler",
        "TensorBoard",
        "CSVLogger",
        "TerminateOnNaN",
        "BackupAndRestore",
        "LambdaCallback",
        "RemoteMonitor",
        "History",
        "ProgbarLogger",
    ]
)
LOSSES = frozenset(
    [
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
        "BinaryCrossentropy",
        "BinaryFocalCrossentropy",
        "CategoricalFocalCrossentropy",
        "MeanSquaredError",
        "Hinge",
    ]
)
METRICS = frozenset(
    [
        "Accuracy",
        "BinaryAccuracy",
        "CategoricalAccuracy",
        "SparseCategoricalAccuracy",
        "TopKCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
        "AUC",
        "Precision",
        "Recall",
        "F1Score",
    ]
)


def within_keras(path: str) -> str | None:
    """Return a path from Keras on: ``layers.Dense``; None of what is not Keras."""
    for root in _ROOTS:
        if path.startswith(root):
            return path[len(root) :]
    return None


def snake_case(name: str) -> str:
    """Return what a class of Keras is called as a function: ``CategoricalAccuracy`` with ``_``."""
    known = {"AUC": "auc", "F1Score": "f1_score"}
    text = "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")
    return known.get(name, text)


def _loose() -> dict[str, str]:
    found = {name: f"keras.layers.{name}" for name in LAYERS}
    found |= {name: f"keras.optimizers.{name}" for name in OPTIMIZERS}
    found |= {name: f"keras.callbacks.{name}" for name in CALLBACKS}
    found |= {name: f"keras.applications.{name}" for name in APPLICATIONS}
    found |= {name: f"keras.models.{name}" for name in ("Model", "Sequential", "load_model")}
    found |= {
        "tf": "tensorflow",
        "tensorflow": "tensorflow",
        "keras": "keras",
        "np": "numpy",
        "numpy": "numpy",
        "os": "os",
        "layers": "keras.layers",
        "models": "keras.models",
        "optimizers": "keras.optimizers",
        "cv2": "cv2",
        "pd": "pandas",
        "K": "keras.backend",
        "ImageDataGenerator": "tensorflow.keras.preprocessing.image.ImageDataGenerator",
        "image_dataset_from_directory": "keras.utils.image_dataset_from_directory",
        "to_categorical": "keras.utils.to_categorical",
        "train_test_split": "sklearn.model_selection.train_test_split",
        "cifar10": "keras.datasets.cifar10",
        "cifar100": "keras.datasets.cifar100",
        "mnist": "keras.datasets.mnist",
        "__name__": "builtins.__name__",
    }
    return found


LOOSE = _loose()
"""What names mean in a snippet that leaves its imports out, as everybody writes them."""


def resolve(name: str, stars: list[str]) -> Named | None:
    """Return what a name is that came by ``from keras.layers import *``."""
    for module in stars:
        if name in LOOSE and within_keras(f"{module}.{name}") is not None:
            return Named(f"{module}.{name}")
    return None
