"""Kinds of Keras's layers: what there is, what of it has nothing to train, what changes images."""

AUGMENTING = frozenset(
    (
        *("RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast"),
        *("RandomBrightness", "RandomCrop", "RandomHeight", "RandomWidth", "RandomShear"),
        *("RandomErasing", "RandAugment", "MixUp", "CutMix"),
    )
)
"""Layers that change images at random while training."""

_WITHOUT_WEIGHTS = frozenset(
    (
        *("InputLayer", "Rescaling", "Resizing", "CenterCrop"),
        *("MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D"),
        *("ZeroPadding2D", "Cropping2D", "UpSampling2D", "Flatten", "Reshape", "Permute"),
        *("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax", "ActivityRegularization"),
        *("Dropout", "SpatialDropout2D", "GaussianNoise", "GaussianDropout"),
        *("Add", "Multiply", "Concatenate", "Lambda"),
    )
)
_WITH_WEIGHTS = frozenset(
    (
        *("Dense", "Conv1D", "Conv2D", "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose"),
        *("BatchNormalization", "LayerNormalization", "GroupNormalization", "Normalization"),
        *("LSTM", "GRU", "Embedding", "PReLU"),
    )
)
_OTHER_NAMES = {
    "Input": "InputLayer",
    "Convolution2D": "Conv2D",
    "MaxPool2D": "MaxPooling2D",
    "AvgPool2D": "AveragePooling2D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
}

WEIGHTLESS = _WITHOUT_WEIGHTS | AUGMENTING | {"Preprocess", "Operation"}
"""Kinds that have nothing to train; the last two are calculations on tensors, no layers."""

LAYERS = _WITHOUT_WEIGHTS | _WITH_WEIGHTS | AUGMENTING | _OTHER_NAMES.keys()
"""The layers that scripts name, by all their names."""


def kind_of_layer(name: str) -> str:
    """Return the one name of a layer that has several."""
    return _OTHER_NAMES.get(name, name)
