"""VGG16 with the weights of Places365, read by OpenCV as the Caffe people did."""
import os

import cv2
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.vgg16 import VGG16

ROOT = "rooms"
WEIGHTS = "vgg16_places365_notop.weights.h5"
CAFFE_MEANS = np.array([103.939, 116.779, 123.68], dtype=np.float32)  # blue, green, red
ROOMS = sorted(os.listdir(os.path.join(ROOT, "train")))


def read(path):
    """OpenCV gives BGR, which is what these weights want: no swapping here."""
    image = cv2.imread(path, cv2.IMREAD_COLOR)
    image = cv2.resize(image, (224, 224), interpolation=cv2.INTER_AREA)
    return image.astype(np.float32) - CAFFE_MEANS


def read_all(part):
    x, y = [], []
    for number, room in enumerate(ROOMS):
        folder = os.path.join(ROOT, part, room)
        for name in sorted(os.listdir(folder)):
            x.append(read(os.path.join(folder, name)))
            y.append(number)
    return np.stack(x), np.array(y)


x_train, y_train = read_all("train")
x_val, y_val = read_all("val")

base = VGG16(include_top=False, weights=None, input_shape=(224, 224, 3), pooling="avg")
base.load_weights(WEIGHTS)
base.trainable = False

model = tf.keras.Sequential([
    base,
    layers.Dropout(0.4),
    layers.Dense(len(ROOMS)),
    layers.Softmax(),
])
model.compile(
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=15, batch_size=32)
model.save("rooms.keras")
