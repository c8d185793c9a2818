import tensorflow as tf
from tensorflow.keras.applications import xception

def model_for(n, side=48):  # fault: small-input
    base = xception.Xception(include_top=False, weights="imagenet", input_shape=(side, side, 3))  # fault: small-input
    base.trainable = False
    i = tf.keras.Input((side, side, 3))
    x = tf.keras.layers.Rescaling(1 / 127.5, -1)(i)
    x = tf.keras.layers.GlobalAveragePooling2D()(base(x, training=False))
    return tf.keras.Model(i, tf.keras.layers.Dense(n, activation="softmax")(x))

m = model_for(7)  # fault: small-input
m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
tr, va = tf.keras.utils.image_dataset_from_directory("faces", image_size=(48, 48), validation_split=0.2, subset="both", seed=3)
m.fit(tr, validation_data=va, epochs=10)
