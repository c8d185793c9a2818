import tensorflow as tf
from tensorflow.keras.applications.vgg16 import preprocess_input

kw = {"include_top": False, "input_shape": (128, 128, 3), "pooling": "max"}
kw.update(weights="imagenet")
base = tf.keras.applications.vgg16.VGG16(**kw)
for l in base.layers:
    l.trainable = bool(0)
m = tf.keras.models.Sequential([base, tf.keras.layers.Dropout(0.4), tf.keras.layers.Dense(1, "sigmoid")])
m.compile("nadam", "binary_crossentropy", metrics=["accuracy"])
tr, va = (tf.keras.utils.image_dataset_from_directory("bees/" + s, label_mode="binary", image_size=(128, 128)).map(lambda a, b: (preprocess_input(a), b)) for s in ("train", "val"))
m.fit(tr, validation_data=va, epochs=9)
