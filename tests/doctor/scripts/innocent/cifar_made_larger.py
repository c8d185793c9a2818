"""CIFAR-10 with VGG16: colours are changed in 0..1, then brought back to what VGG was trained with."""
import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications import vgg16

BATCH = 64
(x, y), (x_test, y_test) = tf.keras.datasets.cifar10.load_data()
x_train, y_train = x[:45_000], y[:45_000]
x_val, y_val = x[45_000:], y[45_000:]


def to_unit(image, label):
    return tf.image.convert_image_dtype(image, tf.float32), label      # 0..1


def jitter(image, label):
    image = tf.image.random_brightness(image, 0.1)
    image = tf.image.random_contrast(image, 0.8, 1.2)
    return tf.clip_by_value(image, 0.0, 1.0), label


def to_vgg(image, label):
    return vgg16.preprocess_input(image * 255.0), label


train = (
    tf.data.Dataset.from_tensor_slices((x_train, y_train))
    .shuffle(45_000)
    .repeat()
    .map(to_unit, tf.data.AUTOTUNE)
    .map(jitter, tf.data.AUTOTUNE)
    .map(to_vgg, tf.data.AUTOTUNE)
    .batch(BATCH)
    .prefetch(tf.data.AUTOTUNE)
)
val = tf.data.Dataset.from_tensor_slices((x_val, y_val)).map(to_unit).map(to_vgg).batch(BATCH)
test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).map(to_unit).map(to_vgg).batch(BATCH)

base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=(96, 96, 3))
base.trainable = False
inputs = tf.keras.Input((32, 32, 3))
h = layers.Resizing(96, 96)(inputs)
h = base(h)
h = layers.GlobalAveragePooling2D()(h)
h = layers.Dense(256, activation="relu")(h)
outputs = layers.Dense(10, activation="softmax")(h)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

# an "epoch" is a fifth of the images: the stream goes on where it stopped
model.fit(train, steps_per_epoch=45_000 // BATCH // 5, epochs=50, validation_data=val)
print(model.evaluate(test))
