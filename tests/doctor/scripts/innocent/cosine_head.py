"""An embedding of 128 numbers and a cosine classifier; no bias, no activation where none belongs."""
import keras
import numpy as np
from keras import layers, ops
from keras.applications import vgg16
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder

pixels = np.load("faces.npy")            # uint8, N x 112 x 112 x 3
people = np.load("people.npy")           # names
encoder = LabelEncoder().fit(people)
numbers = encoder.transform(people)
n = len(encoder.classes_)


class Cosine(layers.Layer):
    """Logits: the cosine between the embedding and each person's vector, times a scale."""

    def __init__(self, units, scale=16.0, **kwargs):
        super().__init__(**kwargs)
        self.units, self.scale = units, scale

    def build(self, shape):
        self.kernel = self.add_weight(name="kernel", shape=(shape[-1], self.units), initializer="glorot_uniform")

    def call(self, x):
        columns = self.kernel / ops.norm(self.kernel, axis=0, keepdims=True)
        return self.scale * ops.matmul(x, columns)


base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=(112, 112, 3))
base.trainable = False

inputs = keras.Input((112, 112, 3))
x = base(inputs)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(256, use_bias=False)(x)
x = layers.BatchNormalization()(x)
x = layers.PReLU()(x)
x = layers.Dropout(0.3)(x)
x = layers.Dense(128)(x)
x = layers.UnitNormalization(name="embedding")(x)
model = keras.Model(inputs, Cosine(n)(x))
model.compile(
    keras.optimizers.Adam(1e-3),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)

x = vgg16.preprocess_input(pixels.astype("float32"))
x_train, x_val, y_train, y_val = train_test_split(x, numbers, test_size=0.15, stratify=numbers, random_state=0)
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=20, batch_size=64)
keras.Model(model.input, model.get_layer("embedding").output).save("embedding.keras")
