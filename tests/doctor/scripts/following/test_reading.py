"""What a script says, followed through Python's ways of saying it; the unknown stays unknown."""

import pytest

from vgg_transfer.doctor.scripts import examine_script, read_script

IMPORTS = """\
import keras
from keras.applications import VGG16
from keras.applications.vgg16 import preprocess_input
from keras import Sequential, layers, Model, optimizers
from keras.utils import image_dataset_from_directory as data
"""
NET = """\
base = VGG16(include_top=False, pooling='avg', input_shape=(224, 224, 3))
base.trainable = False
model = Sequential([base, layers.Dense(3, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(x, y, epochs=3)
"""


def found_in(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in examine_script(read_script(IMPORTS + text, "a.py"))]


FOUND = {
    "a class of the script": (
        "trainable-after-compile",
        "line 16",
        """\
class Net(keras.Model):
    def __init__(self, n):
        super().__init__()
        self.base = VGG16(include_top=False, pooling='avg')
        self.out = layers.Dense(n, activation='softmax')
    def call(self, x):
        return self.out(self.base(preprocess_input(x)))
net = Net(3)
net.base.trainable = False
net.compile('adam', 'sparse_categorical_crossentropy'); net.fit(x, y)
net.base.trainable = True
net.fit(x, y)
""",
    ),
    "files that are decoded": (
        "missing-preprocessing",
        "line 12",
        """\
import tensorflow as tf
def load(path, label):
    picture = tf.image.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.resize(picture, [224, 224]), label
data = tf.data.Dataset.from_tensor_slices((paths, labels)).map(load).batch(32)

"""
        + NET.replace("x, y", "data"),
    ),
    "labels from a mapping": (
        "unmapped-labels",
        "line 6",
        "y = table['kind'].map({'a': 1, 'b': 2, 'c': 3}).values\n" + NET,
    ),
    "a model that stays frozen as a whole": (
        "never-unfrozen",
        "line 14",
        NET
        + """\
model.trainable = False
# fine-tune the last block
for layer in base.layers[-4:]:
    layer.trainable = True
model.compile(optimizers.Adam(1e-5), 'sparse_categorical_crossentropy')
model.fit(x, y, epochs=3)
""",
    ),
    "a model that a snippet does not show": (
        "keeps-last-weights",
        "line 6",
        """\
stop = [keras.callbacks.EarlyStopping(patience=3)]
model.compile('adam', 'categorical_crossentropy')
model.fit(train, validation_data=val, epochs=40, callbacks=stop)
""",
    ),
    "a rate in an object": (
        "high-rate",
        "line 12",
        """\
class Config:
    rate = 1e-3
b = VGG16(include_top=False, pooling='avg')
model = Model(b.input, layers.Dense(3, activation='softmax')(b.output))
config = Config()

model.compile(optimizers.Adam(config.rate), 'categorical_crossentropy')
model.fit(x, y)
""",
    ),
    "a function that nobody calls": (
        "lone-softmax",
        "line 7",
        """\
def build():
    return compiled(Sequential([layers.Flatten(), layers.Dense(1, activation='softmax')]))
def compiled(model):
    model.compile('adam', 'binary_crossentropy')
    return model
""",
    ),
}


@pytest.mark.parametrize("way", FOUND)
def test_a_fault_is_found_in_whatever_way_it_is_said(way):
    code, line, text = FOUND[way]
    assert (code, line) in found_in(text)


LATE = "base.trainable = True\nmodel.fit(x, y)\n"
SILENT = {
    "a test of something unknown": NET
    + "if args.open:\n    base.trainable = True\nmodel.fit(x, y)\n",
    "an unknown function that has the model": NET + "prepare(model)\n" + LATE,
    "a method that is not Keras's": NET + "model.open_up()\n" + LATE,
    "weights that are loaded": NET.replace("pooling", "weights=None, pooling")
    + "base.load_weights('vgg.h5')\n"
    + "model.fit(x, y)\n",
    "unknown pixels": NET,
    "a rate that is unknown": NET.replace("'adam'", "optimizers.Adam(rate)"),
    "a plan for the rate": NET.replace(
        "'adam'", "optimizers.Adam(keras.optimizers.schedules.CosineDecay(1, 10))"
    ),
    "another library's model": "model = LogisticRegression().fit(x, y)\nmodel.predict_proba(x)\n",
    "one way and another to the same pixels": """\
(x, y), (a, b) = keras.datasets.cifar10.load_data()
x, a = x / 127.5 - 1, (a - 127.5) / 127.5
model = Sequential([layers.Flatten(), layers.Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy')
model.fit(x, y, validation_data=(a, b))
""",
    "folders of folds": NET.replace("x, y", "read('1'), validation_data=read('2')").replace(
        "base = VGG16(", "read = lambda fold: data('cross_val/' + fold)\nbase = VGG16(weights=w, "
    ),
    "an unknown network": NET.replace("VGG16(", "make_base("),
}


@pytest.mark.parametrize("unknown", SILENT)
def test_what_touches_the_unknown_is_not_judged(unknown):
    text = SILENT[unknown]
    if unknown == "weights that are loaded":
        text = text.replace("model.fit(x, y, epochs=3)\n", "")
    found = examine_script(read_script(IMPORTS + text, "a.py"))
    assert [one for one in found if one.severity != "note"] == []


def test_another_library_is_said_to_be_unread():
    found = examine_script(read_script("import torch\nloss = torch.nn.MSELoss()\n", "a.py"))
    assert [(one.code, one.where) for one in found] == [("unread", "line 1")]
    assert found[0].seen == "what is done with torch is not read: only training with Keras is"
