import os
import random
import numpy as np
import tensorflow as tf
from PIL import Image

random.seed(3)
folder = 'sign_digits'
pairs = [(os.path.join(folder, d, f), int(d)) for d in sorted(os.listdir(folder)) for f in os.listdir(os.path.join(folder, d))]
random.shuffle(pairs)

X = np.zeros((len(pairs), 64, 64, 1), 'float32')
y = np.zeros(len(pairs), 'int64')
for i in range(len(pairs)):
    path, digit = pairs[i]
    img = Image.open(path).convert('L').resize((64, 64))
    X[i, :, :, 0] = np.array(img)
    y[i] = digit
X = X / 255.0

n = int(0.8 * len(X))
X_train, y_train = X[:n], y[:n]
X_val, y_val = X[n:], y[n:]

model = tf.keras.Sequential()
model.add(tf.keras.Input(shape=(64, 64, 1)))
for f in (16, 32, 64):
    model.add(tf.keras.layers.Conv2D(f, 3, activation='relu'))
    model.add(tf.keras.layers.MaxPool2D())
model.add(tf.keras.layers.Flatten())
model.add(tf.keras.layers.Dense(128))  # fault: linear-stack
model.add(tf.keras.layers.Dropout(0.5))
model.add(tf.keras.layers.Dense(64))  # fault: linear-stack
model.add(tf.keras.layers.Dense(10, activation='softmax'))  # fault: linear-stack

model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=20, batch_size=32, validation_data=(X_val, y_val))
model.save('digits.keras')
