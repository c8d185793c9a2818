import pathlib

import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input

data_dir = pathlib.Path("rice")
files = [str(p) for p in data_dir.glob("*/*.jpg")]
image_count = len(files)
class_names = sorted(d.name for d in data_dir.iterdir() if d.is_dir())
print(f"{image_count} images of {len(class_names)} classes")

list_ds = tf.data.Dataset.from_tensor_slices(files).shuffle(image_count, seed=3, reshuffle_each_iteration=False)


def get_label(path):
    parts = tf.strings.split(path, "/")
    return tf.argmax(parts[-2] == class_names)


def process(path):
    img = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.resize(img, [224, 224]), get_label(path)


def augment(img, label):
    img = tf.image.random_flip_left_right(img)
    img = tf.image.random_brightness(img, 20)
    img = tf.image.random_saturation(img, 0.7, 1.3)
    return img, label


ds = list_ds.map(process, num_parallel_calls=tf.data.AUTOTUNE)
ds = ds.map(lambda x, y: (preprocess_input(x), y))

val_size = image_count // 5
train_ds = list_ds.skip(val_size).map(process).map(augment, num_parallel_calls=tf.data.AUTOTUNE)
train_ds = train_ds.map(lambda x, y: (preprocess_input(x), y))
val_ds = ds.take(val_size)
train_ds = train_ds.shuffle(500).batch(32).prefetch(tf.data.AUTOTUNE)
val_ds = val_ds.batch(32).prefetch(tf.data.AUTOTUNE)

base = ResNet50(include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg")
base.trainable = False
inputs = layers.Input((224, 224, 3))
x = base(inputs, training=False)
x = layers.Dropout(0.2)(x)
model = tf.keras.Model(inputs, layers.Dense(len(class_names), activation="softmax")(x))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=val_ds, epochs=10)
