"""Names of Keras: by their whole path, in any of its packages and ages, and those without one."""

from vgg_transfer.doctor.scripts.applications import APPLICATIONS
from vgg_transfer.doctor.scripts.values import Named

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
LAYERS = frozenset(
    [
        "Input",
        "InputLayer",
        "Dense",
        "Conv2D",
        "Convolution2D",
        "SeparableConv2D",
        "DepthwiseConv2D",
        "Conv2DTranspose",
        "Conv1D",
        "LSTM",
        "GRU",
        "Embedding",
        "Flatten",
        "Dropout",
        "SpatialDropout2D",
        "MaxPooling2D",
        "MaxPool2D",
        "AveragePooling2D",
        "AvgPool2D",
        "GlobalAveragePooling2D",
        "GlobalAvgPool2D",
        "GlobalMaxPooling2D",
        "GlobalMaxPool2D",
        "Activation",
        "ReLU",
        "LeakyReLU",
        "PReLU",
        "ELU",
        "Softmax",
        "Reshape",
        "ZeroPadding2D",
        "Rescaling",
        "RandomFlip",
        "RandomRotation",
        "RandomZoom",
        "RandomTranslation",
        "RandomContrast",
        "RandomBrightness",
        "RandomCrop",
        "Resizing",
        "Lambda",
        "Concatenate",
        "Add",
        "Multiply",
        "GaussianNoise",
        "GaussianDropout",
        "BatchNormalization",
        "LayerNormalization",
        "GroupNormalization",
        "Permute",
        "UpSampling2D",
        "Cropping2D",
        "CenterCrop",
        "Normalization",
        "ActivityRegularization",
        "RandomHeight",
        "RandomWidth",
    ]
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
_OLD = {"Convolution2D": "Conv2D", "MaxPool2D": "MaxPooling2D", "AvgPool2D": "AveragePooling2D"}
_OLD |= {"GlobalAvgPool2D": "GlobalAveragePooling2D", "GlobalMaxPool2D": "GlobalMaxPooling2D"}
_OLD |= {"Input": "InputLayer"}


def kind_of_layer(name: str) -> str:
    """Return the one name of a layer that has several."""
    return _OLD.get(name, name)


def within_keras(path: str) -> str | None:
    """Return a path from Keras on: ``layers.Dense``; None of what is not Keras."""
    for root in _ROOTS:
        if path.startswith(root):
            return path[len(root) :]
    return None


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
