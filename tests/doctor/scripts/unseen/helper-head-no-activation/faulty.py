from typing import Sequence, Tuple

import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input


def read(path: tf.Tensor, label: tf.Tensor) -> Tuple[tf.Tensor, tf.Tensor]:
    image = tf.image.decode_png(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, (224, 224))
    return preprocess_input(image), tf.one_hot(label, depth=7)


def to_dataset(paths: Sequence[str], labels: Sequence[int], train: bool = False) -> tf.data.Dataset:
    ds = tf.data.Dataset.from_tensor_slices((list(paths), list(labels)))
    if train:
        ds = ds.shuffle(len(paths))
    return ds.map(read, num_parallel_calls=tf.data.AUTOTUNE).batch(32).prefetch(tf.data.AUTOTUNE)


def dense_block(x, units: int, rate: float, activation="relu"):
    x = tf.keras.layers.Dense(units, activation=activation)(x)
    return tf.keras.layers.Dropout(rate)(x)


def add_head(features, n_classes: int):
    x = tf.keras.layers.GlobalAveragePooling2D()(features)
    x = dense_block(x, 256, 0.4)
    x = dense_block(x, 64, 0.2)
    return tf.keras.layers.Dense(n_classes, name="expression")(x)  # fault: missing-activation


def load_split(file: str) -> Tuple[list, list]:
    with open(file) as f:
        pairs = [line.strip().split(",") for line in f]
    return [p for p, _ in pairs], [int(n) for _, n in pairs]


vgg = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
vgg.trainable = False
model = tf.keras.Model(vgg.input, add_head(vgg.output, 7))  # fault: missing-activation
model.compile(  # fault: missing-activation
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss=tf.keras.losses.CategoricalCrossentropy(label_smoothing=0.1),  # fault: missing-activation
    metrics=["accuracy"],
)
train = to_dataset(*load_split("fer/train.txt"), train=True)
valid = to_dataset(*load_split("fer/valid.txt"))
model.fit(train, validation_data=valid, epochs=15)
