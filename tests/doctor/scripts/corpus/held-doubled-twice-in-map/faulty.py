import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input as vgg_prep

norm = tf.keras.layers.Rescaling(1.0 / 255)
steps = [norm, vgg_prep]

def apply_all(x, y):
    for step in steps:
        x = step(x)  # fault: doubled-preprocessing
    return x, y

train, val = [tf.keras.utils.image_dataset_from_directory(f"rocks/{n}", image_size=(200, 200)).map(apply_all) for n in ("train", "val")]  # fault: doubled-preprocessing
base = VGG16(include_top=False, input_shape=(200, 200, 3), pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(7, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=5)
