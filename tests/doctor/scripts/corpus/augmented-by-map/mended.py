import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications import vgg16

aug = tf.keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1)])

def prepare(ds, shuffle=False, augment=False):
    if shuffle:
        ds = ds.shuffle(2000)
    ds = ds.batch(32)
    if augment:
        ds = ds.map(lambda x, y: (aug(x, training=True), y))
    return ds.map(lambda x, y: (vgg16.preprocess_input(x), y)).prefetch(tf.data.AUTOTUNE)

load = lambda part: tf.keras.utils.image_dataset_from_directory(part, image_size=(160, 160), batch_size=None, label_mode="int")
splits = {name: prepare(load(f"flowers/{name}"), shuffle=name == "train", augment=name == "train") for name in ("train", "val")}

base = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(160, 160, 3))
base.trainable = False
model = tf.keras.Sequential([base, layers.Dense(5, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(splits["train"], validation_data=splits["val"], epochs=10)
