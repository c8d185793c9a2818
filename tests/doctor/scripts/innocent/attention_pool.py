"""Pooling by attention over the 7 x 7 places; the head starts at zero, as in Big Transfer."""
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

SHAPE = (224, 224, 3)
AUTO = tf.data.AUTOTUNE


def load(part, augment=False):
    ds = tf.keras.utils.image_dataset_from_directory(
        f"cars/{part}", image_size=SHAPE[:2], batch_size=None, shuffle=augment, seed=7
    )
    names = ds.class_names
    if augment:
        ds = ds.map(lambda x, y: (tf.image.random_flip_left_right(x), y), AUTO)
    ds = ds.map(lambda x, y: (preprocess_input(x), tf.one_hot(y, len(names))), AUTO)
    return ds.batch(32, drop_remainder=augment).prefetch(AUTO), names


def attention_pool(features):
    places = layers.Reshape((-1, features.shape[-1]))(features)      # batch, 49, 512
    scores = layers.Dense(64, activation="tanh")(places)
    scores = layers.Dense(1, use_bias=False)(scores)                 # batch, 49, 1
    weights = layers.Softmax(axis=1, name="where")(scores)           # over the places
    return layers.Dot(axes=1)([weights, places])                     # batch, 1, 512


train, names = load("train", augment=True)
val, _ = load("val")

base = VGG16(weights="imagenet", include_top=False, input_shape=SHAPE)
base.trainable = False
x = attention_pool(base.output)
x = layers.Flatten()(x)
x = layers.Dropout(0.2)(x)
logits = layers.Dense(len(names), kernel_initializer="zeros", dtype="float32", name="logits")(x)
model = tf.keras.Model(base.input, logits)

model.compile(
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss=tf.keras.losses.CategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    train,
    validation_data=val,
    epochs=20,
    callbacks=[tf.keras.callbacks.EarlyStopping("val_accuracy", patience=5, restore_best_weights=True)],
)
where = tf.keras.Model(model.input, model.get_layer("where").output)
model.save("cars.keras")
where.save("where.keras")
