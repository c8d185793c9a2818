import os
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
from keras import layers as L

parts = {k: keras.utils.image_dataset_from_directory(f"leaves/{k}", image_size=(192, 192), batch_size=64)
         for k in ("train", "val")}

def net(base_fn=keras.applications.MobileNetV2, n_out=5):
    inp = keras.Input((192, 192, 3))
    h = L.Rescaling(1 / 127.5, offset=-1)(inp)
    base = base_fn(include_top=False, input_shape=(192, 192, 3))
    base.trainable = False
    h = base(h, training=False)
    h = L.GlobalAveragePooling2D()(h)
    return keras.Model(inp, L.Dense(n_out, activation="softmax")(h))

model = net()
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(parts["train"], validation_data=parts["val"], epochs=10)
