import os
import cv2
import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

LABELS = {'paper': 1, 'rock': 2, 'scissors': 3}  # fault: unmapped-labels

def load_images(root):
    X, y = [], []
    for name, number in LABELS.items():
        for f in os.listdir(os.path.join(root, name)):
            img = cv2.imread(os.path.join(root, name, f))
            img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)
            X.append(cv2.resize(img, (150, 150)))
            y.append(number)  # fault: unmapped-labels
    return np.array(X), np.array(y)

X, y = load_images('rps')
X = preprocess_input(X.astype('float32'))
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)
base = VGG16(include_top=False, input_shape=(150, 150, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(3, activation='softmax')])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])  # fault: unmapped-labels
model.fit(X_train, y_train, epochs=10, validation_data=(X_val, y_val))  # fault: unmapped-labels
