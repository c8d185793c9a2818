import re
import tensorflow as tf
from tensorflow.keras import layers as KL
from tensorflow.keras.applications import mobilenet_v2

base = mobilenet_v2.MobileNetV2(include_top=False, weights="imagenet", input_shape=(224, 224, 3))
base.trainable = False
out = KL.Dense(8, activation="softmax")(KL.GlobalAveragePooling2D()(base.output))
model = tf.keras.Model(base.input, out)

prep = lambda x, y: (mobilenet_v2.preprocess_input(x), y)
tr, va = (tf.keras.utils.image_dataset_from_directory(f"plants/{n}", image_size=(224, 224)).map(prep) for n in ("train", "val"))
fit = dict(x=tr, validation_data=va)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(**fit, epochs=4)

base.trainable = True
for layer in base.layers:
    layer.trainable = True  # fault: moving-batch-norm
model.compile(tf.keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(**fit, epochs=8)  # fault: moving-batch-norm
