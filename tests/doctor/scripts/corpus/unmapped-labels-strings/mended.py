import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder

features = np.load('vgg16_features.npy')    # (600, 512)
labels = np.array(['benign'] * 300 + ['malignant'] * 200 + ['normal'] * 100)
labels = LabelEncoder().fit_transform(labels)
F_train, F_val, l_train, l_val = train_test_split(features, labels, test_size=0.2, stratify=labels, random_state=3)
model = tf.keras.Sequential([
    tf.keras.layers.Input((512,)),
    tf.keras.layers.Dense(32, activation='relu'),
    tf.keras.layers.Dropout(0.5),
    tf.keras.layers.Dense(3, activation='softmax'),
])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(F_train, l_train, validation_data=(F_val, l_val), epochs=30)
