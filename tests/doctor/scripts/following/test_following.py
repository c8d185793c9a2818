"""Ways of writing that are followed: each with a fault that is found only where it is."""

import pytest
from support.scripts import NET, told

LONE = "Sequential([Flatten(), Dense(1, activation='softmax')])"
FIT = "model.compile('adam', 'sparse_categorical_crossentropy')\nmodel.fit(x, y)\n"
OWN = "model = Sequential([Flatten(), Dense({}, activation='softmax')])\n" + FIT
RATE = "model = Sequential([Flatten(), Dense(3, activation='softmax')])\n"
RATE += "model.compile(optimizers.Adam({}), 'sparse_categorical_crossentropy'); model.fit(x, y)\n"
# What is followed: the fault, its line and the text.
FOUND = {
    "settings that are updated": (
        "frozen-noise",
        4,
        "how = {'include_top': False}\nhow.update(pooling='avg', weights=None)\n"
        "base = VGG16(**how)\nbase.trainable = bool(0)\n"
        "model = Sequential([base, Dense(3, activation='softmax')])\n" + FIT,
    ),
    "an optimizer by its configuration": (
        "high-rate",
        2,
        RATE.replace(
            "optimizers.Adam({})",
            "optimizers.get({'class_name': 'adam', 'config': {'learning_rate': 0.5}})",
        ),
    ),
    "a dataclass": (
        "high-rate",
        6,
        "from dataclasses import dataclass\n@dataclass\nclass Plan:\n    rate: float = 1e-3\n"
        + RATE.format("Plan(rate=0.5).rate"),
    ),
    "a class above": (
        "high-rate",
        7,
        "class A:\n    def __init__(self, rate=1e-3): self.rate = rate\nclass B(A):\n"
        "    def __init__(self):\n        super().__init__(0.5)\n" + RATE.format("B().rate"),
    ),
    "a property": (
        "high-rate",
        5,
        "class A:\n    @property\n    def rate(self): return 0.5\n" + RATE.format("A().rate"),
    ),
    "a class method": (
        "high-rate",
        5,
        "class A:\n    @classmethod\n    def rate(cls, much): return much\n"
        + RATE.format("A.rate(0.5)"),
    ),
    "a name outside": (
        "high-rate",
        7,
        "rate = 1e-3\ndef choose():\n    global rate\n    rate = 0.5\nchoose()\n"
        + RATE.format("rate"),
    ),
    "a setting of the machine": ("high-rate", 2, RATE.format("float(os.environ.get('R', '0.5'))")),
    "an option's default as a text": (
        "high-rate",
        5,
        "import argparse\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--rate', type=float, default='0.5')\n"
        + RATE.format("parser.parse_args().rate"),
    ),
    "layers that are reduced": (
        "lone-softmax",
        3,
        "from functools import reduce\nstart = Input((64, 64, 3))\n"
        "end = reduce(lambda a, b: b(a), [Flatten(), Dense(1, activation='softmax')], start)\n"
        "model = Model(start, end)\n" + FIT,
    ),
    "an activation of the script's own": (
        "wrong-axis",
        1,
        OWN.format(3).replace("'softmax'", "lambda t: tf.nn.softmax(t, axis=0)"),
    ),
    "a loss of the script's own": (
        "wrong-loss",
        1,
        "def loss(t, p): return tf.reduce_mean(losses.binary_crossentropy(t, p))\n"
        "model = net(); model.compile('adam', loss); model.fit(x, to_categorical(y))\n",
    ),
    "a loop by a counter": (
        "frozen-noise",
        4,
        "base = VGG16(include_top=False, pooling='avg', weights=None)\nn = 0\n"
        "while n < len(base.layers):\n    base.layers[n].trainable = False; n += 1\n"
        "model = Sequential([base, Dense(3, activation='softmax')])\n" + FIT,
    ),
    "names that are put together": (
        "high-rate",
        6,
        "base = VGG16(include_top=False, pooling='avg')\n"
        "names = ['block5_conv%d' % n for n in (1, 2)] + ['block{}_conv3'.format(5)]\n"
        "for layer in base.layers:\n"
        "    layer.trainable = any(layer.name == one for one in names)\n"
        "model = Sequential([base, Dense(3, activation='softmax')])\n"
        + FIT.replace("'adam'", "optimizers.Adam(1e-2)"),
    ),
    "dummies": ("wrong-loss", 3, "y = pd.get_dummies(table['kind']).values\n" + OWN.format(3)),
    "rows of a unit matrix": ("wrong-loss", 3, "y = np.eye(3)[numbers]\n" + OWN.format(3)),
    "a binarizer of more than two classes": (
        "wrong-loss",
        4,
        "from sklearn.preprocessing import LabelBinarizer\n"
        "y = LabelBinarizer().fit_transform(names)\n" + OWN.format(3),
    ),
    "a data set of nobody knows what": (
        "wrong-loss",
        3,
        "def one(x, y): return preprocess_input(x), tf.one_hot(y, 3)\n"
        "model = Sequential([Flatten(), Dense(3, activation='softmax')])\n"
        + FIT.replace("x, y", "given.map(one)"),
    ),
    "a share that is rounded down": (
        "dropped-images",
        2,
        "size = 32\nnet().fit(x, y, validation_data=v, validation_steps=int(len(v) / size))\n",
    ),
    "labels that a loop collects": (
        "shuffled-predictions",
        1,
        "data = folder('d/test').map(lambda x, y: (preprocess_input(x), y))\ntrue = []\n"
        "for x, y in data:\n    true.extend(y.numpy())\n"
        "print(np.mean(np.array(true) == np.argmax(net().predict(data), axis=1)))\n",
    ),
    "file names beside answers": (
        "shuffled-predictions",
        2,
        "maker = ImageDataGenerator(preprocessing_function=preprocess_input)\n"
        "data = maker.flow_from_directory('d/test', class_mode=None)\n"
        "answers = [int(np.argmax(one)) for one in net().predict(data)]\n"
        "pd.DataFrame({'id': [one.split('/')[-1] for one in data.filenames], 'kind': answers})\n",
    ),
    "files that are listed": (
        "missing-preprocessing",
        4,
        "def read(path):\n    whole = tf.io.decode_jpeg(tf.io.read_file(path), 3)\n"
        "    return tf.image.resize(whole, [224, 224]), tf.strings.split(path, '/')[-2] == 'cat'\n"
        "base = VGG16(include_top=False, pooling='avg')\nbase.trainable = False\n"
        "model = Sequential([base, Dense(3, activation='softmax')])\n"
        "data = tf.data.Dataset.list_files('d/*/*').map(read)\n" + FIT.replace("x, y", "data"),
    ),
    "a mean and a deviation": (
        "foreign-preprocessing",
        1,
        "data = folder('d').map(lambda x, y: ((x / 255 - [0.5, 0.4, 0.4]) / [0.2, 0.2, 0.2], y))\n"
        "net().fit(data)\n",
    ),
    "an end with relu": ("missing-activation", 1, OWN.format(3).replace("softmax", "relu")),
    "logits by place": (
        "doubled-activation",
        1,
        "model = net(); model.compile('adam', losses.SparseCategoricalCrossentropy(True))\n"
        "model.fit(x, y)\n",
    ),
    "layers from the end one by one": (
        "counted-layers",
        7,
        "base = VGG16(include_top=False)\nbase.trainable = False\n"
        "end = layers.GlobalAveragePooling2D()(base.output)\n"
        "model = Model(base.input, Dense(3, activation='softmax')(end))\n"
        + FIT
        + "for n in (1, 2, 3, 4): model.layers[-n].trainable = True\n"
        + FIT.replace("'adam'", "optimizers.Adam(1e-5)"),
    ),
    "heads in a register": (
        "lone-softmax",
        7,
        "HEADS = {}\ndef register(make):\n    HEADS[make.__name__] = make\n    return make\n"
        "@register\ndef single(classes):\n"
        "    return Sequential([Flatten(), Dense(classes, activation='softmax')])\n"
        "model = HEADS['single'](1)\n" + FIT,
    ),
    "a named tuple and a copy": (
        "high-rate",
        4,
        "import collections, copy\nPlan = collections.namedtuple('Plan', 'units rate')\n"
        + RATE.format("copy.copy({'rate': Plan(3, 0.5).rate})['rate']"),
    ),
    "pictures of Pillow": (
        "missing-preprocessing",
        3,
        "from PIL import Image\n"
        "def read(path): return np.array(Image.open(path).resize((224, 224)))\n"
        "base = VGG16(include_top=False, pooling='avg')\nbase.trainable = False\n"
        "model = Sequential([base, Dense(3, activation='softmax')])\n"
        + FIT.replace("x, y", "np.array(list(map(read, paths))), y"),
    ),
    "batches of the script's own class": (
        "wrong-loss",
        5,
        "class Own(keras.utils.PyDataset):\n    def __init__(self, x): self.x = x\n"
        "    def __getitem__(self, n): return self.x[n], to_categorical(self.y[n])\n"
        + OWN.format(3).replace("x, y", "Own(x)"),
    ),
    "labels of a data set alone": (
        "shuffled-predictions",
        1,
        "data = folder('d').map(lambda x, y: (preprocess_input(x), y))\n"
        "true = list(data.unbatch().map(lambda x, y: y).as_numpy_iterator())\n"
        "print(np.mean(np.array(true) == np.argmax(net().predict(data), axis=1)))\n",
    ),
    "an initializer of TensorFlow": (
        "constant-start",
        1,
        "wide = Dense(8, activation='relu', kernel_initializer=tf.constant_initializer(0.1))\n"
        + OWN.format(3).replace("Flatten(), ", "Flatten(), wide, "),
    ),
    "splits that are read alike": (
        "uneven-preprocessing",
        4,
        "a, b = np.load('train.npz'), None\nb = np.load('val.npz')\n"
        "a = preprocess_input(a['x'].astype('float32'))\n"
        "net().fit(a, y, validation_data=(b['x'].astype('float32'), z))\n",
    ),
    "weights that are handed on": (
        "never-unfrozen",
        2,
        "def go(model, rate):\n"
        "    model.compile(optimizers.Adam(rate), 'sparse_categorical_crossentropy')\n"
        "    model.fit(x, y)\n"
        "first, second = net(), net()\ngo(first, 1e-3)\n"
        "second.set_weights(first.get_weights())  # to fine-tune it\ngo(second, 1e-5)\n",
    ),
}


@pytest.mark.parametrize("way", FOUND)
def test_what_is_written_in_another_way_is_followed(way):
    code, line, text = FOUND[way]
    assert told(NET + text) == {(code, line + NET.count("\n"))}


SILENT = {
    "a filter of answers": "maker = ImageDataGenerator()\n"
    "data = maker.flow_from_directory('d/test')\n"
    "sure = [one for one in net().predict(data) if max(one) > 0.9]\n"
    "print(np.array(sure) == data.classes)\n",
    "a binarizer of nobody knows how many": "from sklearn.preprocessing import LabelBinarizer\n"
    "y = LabelBinarizer().fit_transform(names)\n" + OWN.format(2),
    "files that are no splits": "a, b = np.load('a.npy'), None\nb = np.load('b.npy')\n"
    "net().fit(preprocess_input(a), y, validation_data=(b, z))\n",
    "a template of a class above": "class A:\n    def build(self): return self.head()\n"
    f"    def head(self): return {LONE}\n"
    "class B(A):\n    def head(self): return net()\n"
    "model = B().build()\n" + FIT,
    "loss weights by their place": "model = net()\n"
    "model.compile('adam', 'sparse_categorical_crossentropy', [1.0]); model.fit(x, y)\n",
    "a list of layers that is kept": "parts = VGG16().layers\nparts.pop()\n"
    "model = Sequential(parts)\n"
    "for layer in model.layers: layer.trainable = False\n"
    "model.add(Dense(3, activation='softmax'))\n" + FIT,
    "a head that is opened again": "base = VGG16(include_top=False, pooling='avg')\n"
    "model = Model(base.input, Dense(3, activation='softmax')(base.output))\n"
    "for layer in model.layers: layer.trainable = False\n"
    "model.layers[-1].trainable = True\n" + FIT,
    "Keras 2 beside Keras 3": "import tf_keras\nrate = tf_keras.optimizers.legacy.Adam(lr=1e-4)\n",
    "files that Keras takes": "net().save_weights('a.weights.h5')\n"
    "calls = [ModelCheckpoint('a.h5'), ModelCheckpoint('{epoch}.weights.h5', "
    "save_weights_only=True), ModelCheckpoint(place), ModelCheckpoint(options.out)]\n"
    "net().fit(x, y, callbacks=calls)\n",
    "a container that was frozen": "model = net()\nmodel.fit(x, y)\n# fine-tuning\n"
    "model.layers[0].get_layer('block5_conv3').trainable = True\n"
    "model.compile(optimizers.Adam(1e-5), 'sparse_categorical_crossentropy')\nmodel.fit(x, y)\n",
    "what learns before the first training": "model = net()\nmodel.layers[0].trainable = True\n"
    "model.layers[0].trainable = False\nmodel.fit(x, y)\n",
}


@pytest.mark.parametrize("way", SILENT)
def test_what_is_followed_is_not_taken_for_more(way):
    assert told(NET + SILENT[way]) == set()


REMOVED = {
    "metrics by place": "model.compile('adam', 'sparse_categorical_crossentropy', ['accuracy'])",
    "a period": "ModelCheckpoint('a.keras', period=1)",
    "workers": "model.predict(x, workers=4)",
    "an optimizer of before": "optimizers.legacy.Adam(1e-3)",
    "an old name of the rate": "model.optimizer.lr = 1e-4",
    "an old file": "ModelCheckpoint('a.hdf5')",
    "an old file for weights": "ModelCheckpoint('a.h5', save_weights_only=True)",
    "weights in an old file": "model.save_weights('a.h5')",
}


@pytest.mark.parametrize("way", REMOVED)
def test_what_keras_does_not_take_any_more_is_named(way):
    text = NET + "model = net()\n" + REMOVED[way] + "\nmodel.fit(x, y)\n"
    assert told(text) == {("removed-api", text.count("\n") - 1)}


def test_trainable_is_late_only_after_a_training():
    text = "model = net()\n{}model.layers[0].trainable = True\nmodel.fit(x, y)\n"
    assert ("trainable-after-compile", 8) not in told(NET + text.format(""))
    after = told(NET + text.format("model.fit(x, y)\n"))
    assert after == {("trainable-after-compile", 9)}
