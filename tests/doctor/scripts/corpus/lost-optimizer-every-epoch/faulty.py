import numpy as np
import tensorflow as tf
from tensorflow.keras.applications import vgg16

x, y = np.load("faces.npy"), np.load("ages.npy").astype("float32")   # ages 0: young, 1: old
x_train, x_val = np.split(vgg16.preprocess_input(x.astype("float32")), [4500])
y_train, y_val = np.split(y, [4500])

base = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(128, 128, 3))
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(64, "relu"), tf.keras.layers.Dropout(0.5), tf.keras.layers.Dense(1, "sigmoid")])
best = 0
for epoch in range(20):
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])  # fault: lost-optimizer
    model.fit(x_train, y_train, batch_size=50, epochs=1, verbose=0)
    loss, acc = model.evaluate(x_val, y_val, verbose=0)
    print(f"{epoch:2d} {loss:.4f} {acc:.3%}")
    if acc > best:
        best = acc
        model.save("best.keras")
