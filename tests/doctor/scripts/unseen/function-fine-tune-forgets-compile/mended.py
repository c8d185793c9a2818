from pathlib import Path

import tensorflow as tf
from tensorflow.keras import callbacks, layers
from tensorflow.keras.applications.xception import Xception, preprocess_input

RUNS = Path("runs")
DATA = Path.home() / "datasets" / "mushrooms"
SIDE = 299


def dataset(split: str) -> tf.data.Dataset:
    ds = tf.keras.utils.image_dataset_from_directory(
        DATA / split, image_size=(SIDE, SIDE), batch_size=16, shuffle=(split == "train"))
    return ds.map(lambda x, y: (preprocess_input(x), y)).prefetch(2)


def make(n: int):
    body = Xception(include_top=False, weights="imagenet", input_shape=(SIDE, SIDE, 3))
    body.trainable = False
    inp = layers.Input((SIDE, SIDE, 3))
    h = body(inp, training=False)
    h = layers.GlobalAveragePooling2D()(h)
    h = layers.Dropout(0.3)(h)
    return tf.keras.Model(inp, layers.Dense(n, activation="softmax")(h)), body


def stage(model, train, val, epochs, tag):
    RUNS.mkdir(exist_ok=True)
    cbs = [
        callbacks.ModelCheckpoint(f"{RUNS / tag}.keras", save_best_only=True),
        callbacks.EarlyStopping(patience=3, restore_best_weights=True),
        callbacks.CSVLogger(RUNS / f"{tag}.csv"),
    ]
    return model.fit(train, validation_data=val, epochs=epochs, callbacks=cbs)


def fine_tune(model, body, train, val):
    body.trainable = True
    for layer in body.layers[:-16]:
        layer.trainable = False
    model.compile(tf.keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return stage(model, train, val, 10, "fine")


train, val = dataset("train"), dataset("val")
model, body = make(9)
model.compile(tf.keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
first = stage(model, train, val, 10, "head")
second = fine_tune(model, body, train, val)
print(max(first.history["val_accuracy"]), max(second.history["val_accuracy"]))
