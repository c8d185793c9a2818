import numpy as np
import tensorflow as tf
from tensorflow.keras.applications.vgg19 import VGG19, preprocess_input
from tensorflow.keras.datasets import fashion_mnist
from tensorflow.keras.utils import to_categorical

(x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
names = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"]


def three_channels(x):
    """Repeat the grey channel, as VGG wants colours."""
    x = np.stack([x] * 3, axis=-1).astype("float32")
    return preprocess_input(x)


x_train, x_test = three_channels(x_train[:20000]), three_channels(x_test[:5000])
y_train, y_test = to_categorical(y_train[:20000]), to_categorical(y_test[:5000])
print(f"{x_train.shape=} {y_train.shape=}")

vgg = VGG19(weights="imagenet", include_top=False, input_shape=(28, 28, 3))  # fault: small-input
vgg.trainable = False

model = tf.keras.Sequential([
    vgg,
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(128, activation="relu"),
    tf.keras.layers.Dropout(0.3),
    tf.keras.layers.Dense(len(names), activation="softmax"),
])
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=64, validation_split=0.15)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"{accuracy:.1%} of the test images")
