import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

X, y = np.load('X.npy'), np.load('y.npy')  # X: uint8 (n, 128, 128, 3), y: 0 or 1
X = preprocess_input(X.astype('float32'))
X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=.2, stratify=y, random_state=42)

base = VGG16(include_top=False, weights='imagenet', input_shape=X_tr.shape[1:], pooling='max')
for l in base.layers: l.trainable = False
model = tf.keras.Sequential()
model.add(base)
model.add(tf.keras.layers.Dense(64, activation='relu'))
model.add(tf.keras.layers.Dropout(.5))
model.add(tf.keras.layers.Dense(1, activation='sigmoid'))
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(X_tr, y_tr, validation_data=(X_va, y_va), epochs=25, batch_size=32)
