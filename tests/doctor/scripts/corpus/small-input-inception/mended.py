import tensorflow as tf
from tensorflow.keras.applications import inception_v3 as iv3
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

SIDE = 160
SHAPE = (*(SIDE,) * 2, 3)
g = ImageDataGenerator(preprocessing_function=iv3.preprocess_input)
tr, va = (g.flow_from_directory(f"signs/{p}", SHAPE[:2], class_mode="sparse") for p in ["train", "val"])

base = iv3.InceptionV3(include_top=False, weights="imagenet", input_shape=SHAPE, pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(43, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(tr, validation_data=va, epochs=10)
