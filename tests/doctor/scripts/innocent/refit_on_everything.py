"""The number of epochs is chosen with validation images; the last model learns from those as well."""
import numpy as np
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras import callbacks, layers
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input

x = preprocess_input(np.load("x.npy").astype("float32"))
y = np.load("y.npy").astype("int64").ravel()
classes = int(y.max()) + 1
assert set(np.unique(y)) == set(range(classes))

x_work, x_test, y_work, y_test = train_test_split(x, y, test_size=0.2, stratify=y, random_state=0)
x_train, x_val, y_train, y_val = train_test_split(x_work, y_work, test_size=0.2, stratify=y_work, random_state=0)


def fresh():
    base = ResNet50(include_top=False, weights="imagenet", input_shape=x.shape[1:], pooling="avg")
    base.trainable = False
    inputs = layers.Input(x.shape[1:])
    h = layers.Dropout(0.3)(base(inputs, training=False))
    model = tf.keras.Model(inputs, layers.Dense(classes, activation="softmax")(h))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


# how long?
scout = fresh()
watch = callbacks.EarlyStopping(monitor="val_loss", patience=5)
seen = scout.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=50, callbacks=[watch])
epochs = int(np.argmin(seen.history["val_loss"])) + 1
del scout

# that long, with everything but the test images; nothing is left to watch but the training loss
final = fresh()
final.fit(
    np.concatenate([x_train, x_val]),
    np.concatenate([y_train, y_val]),
    epochs=epochs,
    callbacks=[callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=3)],
)
print(dict(zip(final.metrics_names, final.evaluate(x_test, y_test, verbose=0))))
final.save("final.keras")
