import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers
from tensorflow.keras.applications import vgg16

AUTO = tf.data.AUTOTUNE
IMG = 192

df = pd.read_csv("food/labels.csv")
names = sorted(df["dish"].unique())
df["y"] = df["dish"].map({n: i for i, n in enumerate(names)})
train_df, val_df = train_test_split(df, test_size=0.2, stratify=df["y"], random_state=0)


def parse(path, y):
    img = tf.io.read_file(path)
    img = tf.image.decode_jpeg(img, channels=3)
    img = tf.image.resize(img, (IMG, IMG))
    img = tf.cast(img, tf.float32) / 255.0  # fault: doubled-preprocessing or foreign-preprocessing
    return img, tf.one_hot(y, len(names))


def augment(img, y):
    img = tf.image.random_flip_left_right(img)
    img = tf.image.random_crop(tf.image.resize_with_crop_or_pad(img, IMG + 16, IMG + 16), (IMG, IMG, 3))
    return img, y


def normalise(img, y):
    return vgg16.preprocess_input(img), y  # fault: doubled-preprocessing or foreign-preprocessing


def pipeline(frame, training):
    ds = tf.data.Dataset.from_tensor_slices(("food/" + frame["file"].values, frame["y"].values))
    if training:
        ds = ds.shuffle(len(frame), reshuffle_each_iteration=True)
    ds = ds.map(parse, num_parallel_calls=AUTO)  # fault: doubled-preprocessing or foreign-preprocessing
    if training:
        ds = ds.map(augment, num_parallel_calls=AUTO)
    ds = ds.map(normalise, num_parallel_calls=AUTO)  # fault: doubled-preprocessing or foreign-preprocessing
    return ds.batch(32).prefetch(AUTO)


base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=(IMG, IMG, 3))
base.trainable = False

model = tf.keras.Sequential([
    base,
    layers.GlobalAveragePooling2D(),
    layers.Dense(256, activation="relu"),
    layers.Dropout(0.5),
    layers.Dense(len(names), activation="softmax"),
])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(pipeline(train_df, True), validation_data=pipeline(val_df, False), epochs=15)
