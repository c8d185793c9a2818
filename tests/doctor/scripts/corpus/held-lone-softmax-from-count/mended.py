import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

labels = ["ok", "defect"]
n_out = len(labels) - 1
activation = "softmax" if n_out > 1 else "sigmoid"
idg = ImageDataGenerator(preprocessing_function=preprocess_input)
a, b = (idg.flow_from_directory(f"screws/{s}", (224, 224), classes=labels, class_mode="binary") for s in ("train", "val"))
base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(n_out, activation=activation)])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(a, validation_data=b, epochs=5)
