"""What is found in scripts: each fault at its line, and nothing in the twin without it."""

import pytest

from vgg_transfer.doctor.scripts import examine_script, read_script

IMPORTS = """\
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers, models
from tensorflow.keras.applications import VGG16, ResNet50
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from tensorflow.keras.optimizers import Adam, SGD
from tensorflow.keras.utils import image_dataset_from_directory, to_categorical
import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator
"""
DATA = """
plain = ImageDataGenerator(preprocessing_function=preprocess_input)
train = plain.flow_from_directory('d/train', target_size=(224, 224), class_mode='categorical')
val = plain.flow_from_directory('d/val', target_size=(224, 224), shuffle=False)
"""
BASE = """
base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base.trainable = False
"""
HEAD = """
x = layers.GlobalAveragePooling2D()(base.output)
out = layers.Dense(5, activation='softmax')(x)
model = models.Model(base.input, out)
"""
COMPILE = (
    "\nmodel.compile(optimizer=Adam(1e-3), loss='categorical_crossentropy', metrics=['accuracy'])\n"
)
FIT = "\nmodel.fit(train, epochs=5, validation_data=val)\n"
TUNE = """
for layer in base.layers:
    layer.trainable = layer.name.startswith('block5')
"""
FINE = (
    "\nmodel.compile(optimizer=Adam(1e-5), loss='categorical_crossentropy', metrics=['accuracy'])\n"
)
OWN = """
model = keras.Sequential([
    layers.Input((64, 64, 3)),
    layers.Conv2D(32, 3, activation='relu'),
    layers.Flatten(),
    layers.Dense(64, activation='relu'),
    layers.Dense(10, activation='softmax'),
])
"""
CIFAR = """
(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train, x_test = x_train / 255.0, x_test / 255.0
"""
SPARSE = "\nmodel.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])\n"
FIT_ARRAYS = "\nmodel.fit(x_train, y_train, batch_size=50, epochs=5, validation_split=0.1)\n"
USUAL = DATA + BASE + HEAD + COMPILE + FIT
ARRAYS = CIFAR + OWN + SPARSE + FIT_ARRAYS
STOP = "\nstop = EarlyStopping(monitor='val_loss', patience=3, restore_best_weights=True)\n"
WITH_STOP = USUAL.replace("validation_data=val)", "validation_data=val, callbacks=[stop])")
PHASES = USUAL + TUNE + FINE + FIT
REPORT = "\npred = model.predict(val)\nprint(np.mean(pred.argmax(axis=1) == val.classes))\n"
DATASETS = """
train = image_dataset_from_directory('d/train', image_size=(224, 224), label_mode='categorical')
val = image_dataset_from_directory('d/val', image_size=(224, 224), label_mode='categorical')
train = train.map(lambda x, y: (preprocess_input(x), y)).prefetch(2)
val = val.map(lambda x, y: (preprocess_input(x), y)).prefetch(2)
"""
RESNET = """
prepare = tf.keras.applications.resnet50.preprocess_input
inputs = keras.Input((224, 224, 3))
base = ResNet50(weights='imagenet', include_top=False)
x = base(prepare(inputs), training=False)
x = layers.GlobalAveragePooling2D()(x)
model = models.Model(inputs, layers.Dense(5, activation='softmax')(x))
"""

# Code, severity, a script without fault, what is replaced, and by what.
FAULTS = [
    ("popped-layers", "error", BASE + "#\n" + HEAD + COMPILE, "#", "base.layers.pop()"),
    ("popped-layers", "error", BASE + "#\n" + HEAD + COMPILE, "#", "del base.layers[-1]"),
    (
        "counted-layers",
        "error",
        USUAL + "for layer in base.layers[-4:]:\n    layer.trainable = True\n" + FINE + FIT,
        "base.layers[-4:]",
        "model.layers[-3:]",
    ),
    (
        "counted-layers",
        "warning",
        USUAL + "for layer in base.layers[-4:]:\n    layer.trainable = True\n" + FINE + FIT,
        "base.layers[-4:]",
        "model.layers[-4:]",
    ),
    (
        "counted-layers",
        "note",
        USUAL + "for layer in base.layers[-4:]:\n    layer.trainable = True\n" + FINE + FIT,
        "base.layers[-4:]",
        "base.layers[-5:]",
    ),
    ("trainable-after-compile", "error", USUAL + FIT, "\n#", "\nbase.trainable = True"),
    ("frozen-noise", "warning", USUAL, "base.trainable = False", None),
    (
        "missing-preprocessing",
        "warning",
        USUAL,
        "ImageDataGenerator(preprocessing_function=preprocess_input)",
        "ImageDataGenerator()",
    ),
    (
        "foreign-preprocessing",
        "warning",
        USUAL,
        "preprocessing_function=preprocess_input",
        "rescale=1 / 255",
    ),
    (
        "foreign-preprocessing",
        "warning",
        USUAL,
        "preprocessing_function=preprocess_input",
        "preprocessing_function=tf.keras.applications.mobilenet_v2.preprocess_input",
    ),
    (
        "doubled-preprocessing",
        "error",
        USUAL,
        "preprocessing_function=preprocess_input",
        "preprocessing_function=preprocess_input, rescale=1 / 255",
    ),
    (
        "wrong-loss",
        "error",
        USUAL,
        "loss='categorical_crossentropy'",
        "loss='sparse_categorical_crossentropy'",
    ),
    (
        "wrong-loss",
        "warning",
        USUAL,
        "loss='categorical_crossentropy'",
        "loss='binary_crossentropy'",
    ),
    ("wrong-loss", "warning", USUAL, "activation='softmax'", None),
    (
        "wrong-loss",
        "error",
        ARRAYS,
        "'sparse_categorical_crossentropy'",
        "'categorical_crossentropy'",
    ),
    (
        "missing-activation",
        "error",
        USUAL,
        "layers.Dense(5, activation='softmax')",
        "layers.Dense(5)",
    ),
    (
        "doubled-activation",
        "error",
        USUAL,
        "loss='categorical_crossentropy'",
        "loss=keras.losses.CategoricalCrossentropy(from_logits=True)",
    ),
    (
        "lone-softmax",
        "error",
        USUAL,
        "layers.Dense(5, activation='softmax')",
        "layers.Dense(1, activation='softmax')",
    ),
    (
        "wrong-axis",
        "error",
        USUAL,
        "layers.Dense(5, activation='softmax')",
        "layers.Softmax(axis=0)(layers.Dense(5)(x)) #",
    ),
    (
        "wrong-units",
        "error",
        ARRAYS,
        "layers.Dense(10, activation='softmax')",
        "layers.Dense(9, activation='softmax')",
    ),
    (
        "wrong-units",
        "warning",
        ARRAYS,
        "layers.Dense(10, activation='softmax')",
        "layers.Dense(100, activation='softmax')",
    ),
    ("misleading-metric", "warning", USUAL, "metrics=['accuracy']", "metrics=['binary_accuracy']"),
    (
        "misleading-metric",
        "warning",
        USUAL,
        "metrics=['accuracy']",
        "metrics=[keras.metrics.SparseCategoricalAccuracy()]",
    ),
    (
        "unmapped-labels",
        "error",
        ARRAYS,
        "\n\nmodel = keras",
        "\ny_train = y_train + 1\nmodel = keras",
    ),
    ("high-rate", "warning", PHASES, "Adam(1e-5)", "Adam()"),
    ("high-rate", "warning", USUAL, "Adam(1e-3)", "Adam(0.5)"),
    ("low-rate", "warning", USUAL, "Adam(1e-3)", "Adam(1e-7)"),
    ("lost-optimizer", "note", USUAL + FIT, "\n#", COMPILE),
    ("keeps-last-weights", "warning", STOP + WITH_STOP, ", restore_best_weights=True", " "),
    ("stops-on-training", "warning", STOP + WITH_STOP, "'val_loss'", "'loss'"),
    ("idle-patience", "note", STOP + WITH_STOP, "patience=3", "patience=5"),
    (
        "dropped-images",
        "warning",
        USUAL,
        "validation_data=val)",
        "validation_data=val, validation_steps=val.samples // 32)",
    ),
    ("dropped-images", "error", USUAL, "epochs=5, ", "epochs=5, steps_per_epoch=0, "),
    ("shuffled-predictions", "error", USUAL + REPORT, ", shuffle=False", " "),
    (
        "tested-while-training",
        "warning",
        ARRAYS + "model.evaluate(x_test, y_test)\n",
        "validation_split=0.1",
        "validation_data=(x_test, y_test)",
    ),
    ("learns-from-validation", "error", USUAL, "model.fit(train", "model.fit(val"),
    (
        "augmented-validation",
        "warning",
        DATASETS + BASE + HEAD + COMPILE + FIT,
        "val = val.map(lambda x, y: (preprocess_input(x), y))",
        "val = val.map(lambda x, y: (tf.image.random_flip_left_right(preprocess_input(x)), y))",
    ),
    (
        "uneven-preprocessing",
        "error",
        ARRAYS.replace("validation_split=0.1", "validation_data=(x_test, y_test)"),
        "x_test / 255.0",
        "x_test",
    ),
    ("small-input", "warning", USUAL, "input_shape=(224, 224, 3)", "input_shape=(32, 32, 3)"),
    (
        "large-head",
        "warning",
        USUAL.replace("GlobalAveragePooling2D()", "GlobalMaxPooling2D()"),
        "out = ",
        "x = layers.Dense(1024, activation='relu')(layers.Flatten()(base.output))\nout = ",
    ),
    ("linear-stack", "warning", ARRAYS, "layers.Dense(64, activation='relu')", "layers.Dense(64)"),
    (
        "constant-start",
        "error",
        ARRAYS,
        "layers.Dense(64, activation='relu')",
        "layers.Dense(64, activation='relu', kernel_initializer='zeros')",
    ),
    (
        "moving-batch-norm",
        "warning",
        DATA.replace("preprocessing_function=preprocess_input", "") + RESNET + FINE + FIT,
        ", training=False",
        " ",
    ),
    ("removed-api", "error", USUAL, "Adam(1e-3)", "Adam(lr=1e-3)"),
    ("removed-api", "error", USUAL, "model.fit(", "model.fit_generator("),
]
AT = {
    "frozen-noise": ("weights='imagenet'", "weights=None"),
    "wrong-loss": ("activation='softmax'", "activation='sigmoid'"),
}


def found_in(text: str) -> list:
    return [
        one
        for one in examine_script(read_script(IMPORTS + text, "train.py"))
        if one.code != "removed-api" or "ImageData" not in one.seen
    ]


def line_of(text: str, part: str) -> int:
    return (IMPORTS + text)[: (IMPORTS + text).index(part)].count("\n") + 1


@pytest.mark.parametrize(
    "number", range(len(FAULTS)), ids=[f"{n}-{one[0]}" for n, one in enumerate(FAULTS)]
)
def test_a_fault_is_found_and_its_twin_is_not(number):
    code, severity, text, old, new = FAULTS[number]
    if old == "\n#":  # goes before the last training
        cut = text.rindex("\nmodel.fit")
        faulty, part = text[:cut] + new + text[cut:], new.strip()
        where = (IMPORTS + text[:cut]).count("\n") + 2 - (new.count("\n") == 0)
    else:
        old, new = (old, new) if new is not None else AT[code]
        faulty, part = text.replace(old, new), new.strip()
        where = line_of(faulty, part)
    healthy = [one for one in found_in(text) if one.severity != "note"]
    assert healthy == []
    found = [one for one in found_in(faulty) if one.code == code]
    assert [one.severity for one in found][:1] == [severity]
    others = [one for one in found_in(faulty) if one.severity == "error" and one.code != code]
    assert others == []
    print(code, where, found[0].where, found[0].seen)
