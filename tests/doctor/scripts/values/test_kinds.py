"""Kinds of layers: what changes images at random has no weights, and hides nothing behind it."""

import pytest
from support.scripts import told

SCALED_TWICE = """\
base = VGG16(include_top=False, pooling='avg', input_shape=(224, 224, 3))
base.trainable = False
prepare = layers.Rescaling(1 / 255)
model = Sequential([layers.{}(0.1), prepare, base, Dense(3, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy')
train = ImageDataGenerator(rescale=1 / 255).flow_from_directory('d/train', class_mode='sparse')
model.fit(train)
"""


@pytest.mark.parametrize("kind", ["RandomZoom", "RandomShear", "RandAugment", "RandomHeight"])
def test_what_stands_behind_a_random_change_is_seen(kind):
    assert told(SCALED_TWICE.format(kind)) == {("doubled-preprocessing", 3)}
