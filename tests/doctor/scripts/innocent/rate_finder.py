"""A rate is looked for first (from 1e-7 to 1), then the training proper begins with what was found."""
import math

import numpy as np
import tensorflow as tf
from tensorflow.keras import callbacks, layers, optimizers
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

LOWEST, HIGHEST = 1e-7, 1.0


class Finder(callbacks.Callback):
    def __init__(self, steps):
        super().__init__()
        self.factor = (HIGHEST / LOWEST) ** (1 / steps)
        self.rates, self.losses = [], []

    def on_train_batch_end(self, batch, logs=None):
        rate = float(self.model.optimizer.learning_rate.numpy())
        self.rates.append(rate)
        self.losses.append(logs["loss"])
        if math.isnan(logs["loss"]) or logs["loss"] > 4 * min(self.losses):
            self.model.stop_training = True
            return
        self.model.optimizer.learning_rate.assign(rate * self.factor)

    def best(self):
        slope = np.gradient(np.array(self.losses), np.log(self.rates))
        return self.rates[int(np.argmin(slope))] / 10


def prepared(part):
    ds = tf.keras.utils.image_dataset_from_directory(f"stones/{part}", image_size=(224, 224))
    return ds.map(lambda x, y: (preprocess_input(x), y)).prefetch(tf.data.AUTOTUNE)


train, val = prepared("train"), prepared("val")
base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, layers.Dropout(0.3), layers.Dense(8, activation="softmax")])

# 1. the search: one epoch, thrown away
start = model.get_weights()
finder = Finder(steps=int(train.cardinality()))
model.compile(optimizers.Adam(LOWEST), "sparse_categorical_crossentropy")
model.fit(train, epochs=1, callbacks=[finder])

# 2. the training
model.set_weights(start)
model.compile(optimizers.Adam(finder.best()), "sparse_categorical_crossentropy", metrics=["accuracy"])
stop = callbacks.EarlyStopping(patience=5, restore_best_weights=True)
model.fit(train, validation_data=val, epochs=40, callbacks=[stop])
model.save("stones.keras")
