import keras
from keras import initializers as init, layers as L
from keras.utils import image_dataset_from_directory

INIT = init.HeNormal

def block(x, *filters, pool=True):
    for f in filters:
        x = L.Conv2D(f, 3, padding="same", activation="relu", kernel_initializer=INIT)(x)
    return L.MaxPooling2D()(x) if pool else x

x = inp = keras.Input((96, 96, 3))
x = L.Rescaling(1 / 255)(x)
for f in (32, 64, 128):
    x = block(x, f, f)
x = L.GlobalAveragePooling2D()(x)
model = keras.Model(inp, L.Dense(10, activation="softmax")(x))
model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
tr, va = image_dataset_from_directory("stl10", image_size=(96, 96), validation_split=0.1, subset="both", seed=4)
model.fit(tr, validation_data=va, epochs=30)
