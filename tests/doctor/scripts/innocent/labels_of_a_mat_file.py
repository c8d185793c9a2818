"""Oxford's 102 flowers. Their labels count from 1, and so do the image numbers."""
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from scipy.io import loadmat
from tensorflow import keras
from tensorflow.keras.applications.inception_v3 import InceptionV3, preprocess_input

ROOT = Path("flowers102")
SIDE = 299

raw = loadmat(ROOT / "imagelabels.mat")["labels"][0]          # 1 .. 102
split = loadmat(ROOT / "setid.mat")
numbers = {part: split[key][0] for part, key in [("train", "trnid"), ("val", "valid"), ("test", "tstid")]}
labels = raw.astype("int64") - 1


def pictures(part: str):
    def generate():
        chosen = numbers[part].copy()
        if part == "train":
            np.random.shuffle(chosen)
        for number in chosen:
            with Image.open(ROOT / "jpg" / f"image_{number:05d}.jpg") as image:
                pixels = np.asarray(image.resize((SIDE, SIDE)), dtype="float32")
            yield preprocess_input(pixels), labels[number - 1]

    signature = (tf.TensorSpec((SIDE, SIDE, 3), tf.float32), tf.TensorSpec((), tf.int64))
    return tf.data.Dataset.from_generator(generate, output_signature=signature).batch(32).prefetch(2)


base = InceptionV3(include_top=False, weights="imagenet", input_shape=(SIDE, SIDE, 3), pooling="avg")
base.trainable = False
inputs = keras.Input((SIDE, SIDE, 3))
outputs = keras.layers.Dense(102, activation="softmax")(base(inputs, training=False))
model = keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(pictures("train"), validation_data=pictures("val"), epochs=15)

test = pictures("test")
print("test:", model.evaluate(test))
guess = model.predict(test).argmax(axis=1) + 1               # as the mat file counts
truth = raw[numbers["test"] - 1]
print("by hand:", (guess == truth).mean())
