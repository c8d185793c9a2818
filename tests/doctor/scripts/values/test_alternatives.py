"""What may be one thing or another, or happen or not: nothing is said that hangs on it."""

import pytest
from support.scripts import NET, told

BASE = "base = VGG16(include_top=False, pooling='avg')\nbase.trainable = False\n"
FIT = "model.compile('adam', 'sparse_categorical_crossentropy')\nmodel.fit(x, y)\n"
HEAD = "model = Sequential([base, Dense(3, activation='softmax')])\n" + FIT
SILENT = {
    "pixels that a function may have prepared": """\
def prepare(x, y):
    if SCALED:
        return preprocess_input(x), y
    return x, y
net().fit(folder('d/train').map(prepare))
""",
    "one head or another": BASE
    + """\
def head(x):
    if one:
        return Dense(1, activation='sigmoid')(x)
    else:
        return Dense(3, activation='softmax')(x)
model = Model(base.input, head(base.output))
"""
    + FIT,
    "layers that one or the other way adds": """\
model = Sequential([Flatten()])
if one:
    model.add(Dense(1, activation='softmax'))
else:
    model.add(Dense(3, activation='softmax'))
"""
    + FIT,
    "layers in a list": """\
parts = [Flatten()]
if wide:
    parts.append(Dense(256))
parts.append(Dense(3, activation='softmax'))
model = Sequential(parts)
"""
    + FIT,
    "settings that may be set": """\
settings = {'rate': 1e-3, 'weights': 'imagenet'}
if quick:
    settings['rate'] = 0.5
    settings.update(weights=None)
base = VGG16(include_top=False, pooling='avg', weights=settings['weights'])
base.trainable = False
model = Sequential([base, Dense(3, activation='softmax')])
model.compile(optimizers.Adam(settings['rate']), 'sparse_categorical_crossentropy')
model.fit(x, y)
""",
    "a setting of a class": """\
class Settings:
    rate = 1e-3
if quick:
    Settings.rate = 0.5
model = net()
model.compile(optimizers.Adam(Settings.rate), 'sparse_categorical_crossentropy')
model.fit(x, y)
""",
    "layers that nobody can tell": BASE
    + HEAD
    + """\
# fine-tuning
for layer in filter(wanted, base.layers):
    layer.trainable = True
"""
    + FIT.replace("'adam'", "optimizers.Adam(1e-5)"),
    "as many layers as nobody knows": BASE
    + HEAD
    + """\
# fine-tuning
for layer in base.layers[depth:]:
    layer.trainable = True
"""
    + FIT.replace("'adam'", "optimizers.Adam(1e-5)"),
    "batch norm among unseen layers": """\
base = ResNet50(include_top=False, pooling='avg')
for layer in [one for one in base.layers if 'bn' in one.name]:
    layer.trainable = False
"""
    + HEAD.replace("'adam'", "optimizers.Adam(1e-5)"),
    "batch norm by its class": """\
base = ResNet50(include_top=False, pooling='avg')
for layer in filter(lambda one: isinstance(one, BatchNormalization), base.layers):
    layer.trainable = False
"""
    + HEAD.replace("'adam'", "optimizers.Adam(1e-5)"),
    "unseen layers by their number": """\
base = ResNet50(include_top=False, pooling='avg', weights=None)
for number, layer in enumerate(base.layers):
    layer.trainable = number > 100
"""
    + HEAD,
    "a count of what nobody counts": """\
count, names, numbers = 0, [], {}
for name in os.listdir('d'):
    count += 1
    names.append(name)
    numbers[name] = count
net(len(names)).fit(x, y, steps_per_epoch=count // 32, validation_steps=-(-len(numbers) // 32))
""",
    "a rate that is set again": BASE
    + HEAD
    + """\
base.trainable = True
model.compile(model.optimizer, 'sparse_categorical_crossentropy')
model.optimizer.learning_rate.assign(1e-5)
model.fit(x, y)
""",
    "a rate that a callback sets": BASE.replace("False\n", "True\n")
    + HEAD.replace("(x, y)", "(x, y, callbacks=[LearningRateScheduler(lambda epoch: 1e-5)])"),
}


@pytest.mark.parametrize("way", SILENT)
def test_nothing_hangs_on_what_may_be_either(way):
    assert told(NET + SILENT[way]) == set()


def test_a_layer_that_may_be_there_or_not_leaves_the_rest_known():
    text = BASE + "x = base.output\nif drop:\n    x = layers.Dropout(0.5)(x)\n"
    text += "model = Model(base.input, Dense(3)(x))\n" + FIT
    assert told(text) == {("missing-activation", 6)}


def test_a_guard_that_returns_nothing_is_no_other_way():
    text = "def build(path):\n    if not os.path.exists(path):\n        return None\n"
    text += "    return Sequential([Flatten(), Dense(1, activation='softmax')])\n"
    assert told(text + "model = build('d')\n" + FIT) == {("lone-softmax", 4)}
