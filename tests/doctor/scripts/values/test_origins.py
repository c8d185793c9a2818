"""Whether training and validation are the same images: by their places, not by their names."""

import pytest
from support.scripts import told

NET = """\
def net(classes=3):
    model = Sequential([Flatten(), Dense(classes, activation='softmax')])
    model.compile('adam', 'sparse_categorical_crossentropy')
    return model
"""

SAME = {
    "the same indices": """\
for learn, judge in KFold(5).split(x):
    net().fit(x[learn], y[learn], validation_data=(x[learn], y[learn]))
""",
    "a helper that is given the same": """\
def part(of, index): return of[index]
net().fit(part(x, first), y, validation_data=(part(x, first), y))
""",
    "one folder by two ways": """\
root = 'data'
net().fit(folder(root + '/train'), validation_data=folder(os.path.join('data', 'train')))
""",
    "a data set joined with its validation": """\
a, b = folder('data', validation_split=0.2, subset='both', seed=1)
net().fit(a.concatenate(b), validation_data=b)
""",
    "all of what was split": """\
a, b = train_test_split(x)
net().fit(x, y, validation_data=(b, z))
""",
    "a part of what is validated with": """\
maker = ImageDataGenerator(preprocessing_function=preprocess_input, validation_split=0.2)
net().fit(maker.flow_from_directory('d', subset='training', class_mode='sparse'), \
validation_data=maker.flow_from_directory('d', class_mode='sparse'))
""",
    "arrays joined": """\
net().fit(np.concatenate([x[:50], x[60:]]), y, validation_data=(x[60:], z))
""",
    "parts that overlap": "net().fit(x[:800], y, validation_data=(x[700:], z))\n",
    "a part of a part": "net().fit(x[:800], y, validation_data=(x[100:200], z))\n",
    "a folder that is written in other words": """\
net().fit(folder('{}/train'.format('d')), validation_data=folder('%s/train' % 'd'))
""",
}


@pytest.mark.parametrize("way", SAME)
def test_the_same_images_are_named(way):
    last = (NET + SAME[way]).count("\n")
    assert told(NET + SAME[way]) == {("learns-from-validation", last)}


APART = {
    "a helper that is given others": """\
def part(of, index): return of[index]
net().fit(part(x, first), y, validation_data=(part(x, second), z))
""",
    "an index that is bound again": """\
index = np.arange(0, 100)
a = x[index]
index = np.arange(100, 200)
net().fit(a, y, validation_data=(x[index], z))
""",
    "an archive that is bound again": """\
data = read(1)
a = data.images
data = read(2)
net().fit(a, y, validation_data=(data.images, z))
""",
    "a helper with bounds": """\
(x, y), _ = keras.datasets.cifar10.load_data()
def part(low, high): return preprocess_input(x[low:high]), y[low:high]
net(10).fit(*part(0, 40000), validation_data=part(40000, 50000))
""",
    "folds by hand": """\
for k in range(5):
    judge = x[k * n : (k + 1) * n]
    learn = np.concatenate([x[: k * n], x[(k + 1) * n :]])
    net().fit(learn, y, validation_data=(judge, z))
""",
    "parts beside each other": "net().fit(x[:800], y, validation_data=(x[800:], z))\n",
    "parts from both ends": "net().fit(x[:-100], y, validation_data=(x[-100:], z))\n",
    "parts by unknown numbers": "net().fit(x[:n], y, validation_data=(x[m:], z))\n",
    "every other": "net().fit(x[::2], y, validation_data=(x[1::2], z))\n",
    "a mask and what it leaves": "net().fit(x[mask], y, validation_data=(x[~mask], z))\n",
    "an unknown subset": """\
def part(which): return folder('d', validation_split=0.2, subset=which, seed=1)
net().fit(part(FIRST), validation_data=part(SECOND))
""",
    "shards": "a = folder(d)\nnet().fit(a.shard(5, 0), validation_data=a.shard(5, 1))\n",
    "taken and skipped twice": """\
a = folder(d)
b, c = a.skip(n).take(n), a.skip(n).skip(n)
net().fit(a.take(n), validation_data=b)
net().fit(b, validation_data=c)
""",
    "a split of a split": """\
x, test = train_test_split(x)
x, judge = train_test_split(x)
net().fit(x, y, validation_data=(judge, z))
""",
    "rows of a table": """\
maker = ImageDataGenerator(preprocessing_function=preprocess_input)
def rows(which): return maker.flow_from_dataframe(table[which], 'd', class_mode='sparse')
net().fit(rows(table.fold != 1), validation_data=rows(table.fold == 1))
""",
    "files that a helper reads": """\
def read(paths): return np.array([keras.utils.img_to_array(keras.utils.load_img(p)) for p in paths])
net().fit(preprocess_input(read(a)), y, validation_data=(preprocess_input(read(b)), z))
""",
    "one folder of several that nobody knows": """\
def part(which): return folder(os.path.join(ROOT, which))
net().fit(part(names[0]), validation_data=part(names[1]))
""",
}


@pytest.mark.parametrize("way", APART)
def test_other_images_are_not_taken_for_the_same(way):
    assert told(NET + APART[way]) == set()


def test_new_directions_leave_images_the_same():
    text = "(x, y), (a, b) = keras.datasets.mnist.load_data()\n{}\n"
    text += "model = Sequential([Flatten(), Dense(10, activation='softmax')])\n"
    text += "model.compile('adam', 'sparse_categorical_crossentropy')\n"
    text += "model.fit(x, y, validation_data=(a, b))\n"
    assert told(text.format("x, a = x[..., np.newaxis] / 255, a[..., None] / 255")) == set()
    one = text.format("x, a = x[..., np.newaxis] / 255, a[..., None]")
    assert told(one) == {("uneven-preprocessing", 5)}
