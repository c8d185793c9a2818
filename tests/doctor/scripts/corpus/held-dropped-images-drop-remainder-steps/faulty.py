import numpy as np
import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

images, labels = np.load("images.npy"), np.load("labels.npy")
order = np.random.default_rng(0).permutation(1000)
tr, va = order[:900], order[900:]
BATCH = 128
make = lambda idx: tf.data.Dataset.from_tensor_slices((preprocess_input(images[idx].astype("float32")), labels[idx]))
base = VGG16(include_top=False, pooling="avg", input_shape=(96, 96, 3))
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(make(tr).shuffle(900).batch(BATCH).repeat(), epochs=10, steps_per_epoch=8, validation_data=make(va).batch(BATCH).repeat(), validation_steps=len(va) // BATCH)  # fault: dropped-images
