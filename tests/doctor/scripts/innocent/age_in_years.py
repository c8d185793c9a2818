"""Not a class but a number: the age of a face, by VGG16."""
import argparse
import pathlib

import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications import vgg16

parser = argparse.ArgumentParser()
parser.add_argument("--faces", default="UTKFace", type=pathlib.Path)
parser.add_argument("--epochs", default=30, type=int)
options = parser.parse_args()

files = sorted(options.faces.glob("*.jpg"))
ages = [float(file.name.split("_")[0]) for file in files]
every = tf.data.Dataset.from_tensor_slices(([str(file) for file in files], ages))
every = every.shuffle(len(files), seed=1, reshuffle_each_iteration=False)


def read(path, age):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, (200, 200))
    return vgg16.preprocess_input(image), age


def mirrored(image, age):
    return tf.image.random_flip_left_right(image), age


a_fifth = len(files) // 5
val = every.take(a_fifth).map(read, tf.data.AUTOTUNE).batch(32)
train = every.skip(a_fifth).map(read, tf.data.AUTOTUNE).cache().map(mirrored).shuffle(1000).batch(32)

base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=(200, 200, 3), pooling="avg")
base.trainable = False
inputs = tf.keras.Input((200, 200, 3))
x = base(inputs)
x = layers.Dense(128, activation="relu")(x)
x = layers.Dropout(0.3)(x)
years = layers.Dense(1, bias_initializer=tf.keras.initializers.Constant(sum(ages) / len(ages)))(x)
model = tf.keras.Model(inputs, years)
model.compile("adam", loss="huber", metrics=["mae"])
model.fit(
    train.prefetch(1),
    validation_data=val.prefetch(1),
    epochs=options.epochs,
    callbacks=[
        tf.keras.callbacks.EarlyStopping("val_mae", patience=6, mode="min", restore_best_weights=True),
        tf.keras.callbacks.ReduceLROnPlateau("val_mae", patience=3, mode="min"),
    ],
)
model.save("age.keras")
