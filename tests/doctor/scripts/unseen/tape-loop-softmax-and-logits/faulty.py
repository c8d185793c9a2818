import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

(x_train, y_train), _ = tf.keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32") / 255.0
y_train = y_train.squeeze()
x_val, y_val = x_train[-5000:], y_train[-5000:]
x_train, y_train = x_train[:-5000], y_train[:-5000]

train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(10000).batch(128)
val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(256)


class SmallNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c1 = layers.Conv2D(32, 3, padding="same", activation="relu")
        self.c2 = layers.Conv2D(64, 3, padding="same", activation="relu")
        self.pool = layers.MaxPooling2D()
        self.gap = layers.GlobalAveragePooling2D()
        self.d1 = layers.Dense(64, activation="relu")
        self.d2 = layers.Dense(10, activation="softmax")  # fault: doubled-activation

    def call(self, x):
        x = self.pool(self.c1(x))
        x = self.pool(self.c2(x))
        return self.d2(self.d1(self.gap(x)))  # fault: doubled-activation


model = SmallNet()
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # fault: doubled-activation
optimizer = tf.keras.optimizers.Adam()
train_loss = tf.keras.metrics.Mean()
val_acc = tf.keras.metrics.SparseCategoricalAccuracy()


@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        predictions = model(images, training=True)
        loss = loss_object(labels, predictions)  # fault: doubled-activation
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss(loss)


for epoch in range(20):
    train_loss.reset_state()
    val_acc.reset_state()
    for images, labels in train_ds:
        train_step(images, labels)
    for images, labels in val_ds:
        val_acc(labels, model(images, training=False))
    print(f"epoch {epoch}: loss {train_loss.result():.3f}, val acc {val_acc.result():.3f}")
