import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
base.trainable = False

model = tf.keras.models.Sequential()
model.add(base)
model.add(tf.keras.layers.GlobalAveragePooling2D())
model.add(tf.keras.layers.Dense(64, activation="relu"))
model.add(tf.keras.layers.Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])

def ds(x):
    return tf.keras.utils.image_dataset_from_directory(x, label_mode="binary", image_size=(224, 224)).map(
        lambda a, b: (preprocess_input(a), b))

model.fit(ds("horses_or_humans/train"), epochs=10, validation_data=ds("horses_or_humans/validation"))
