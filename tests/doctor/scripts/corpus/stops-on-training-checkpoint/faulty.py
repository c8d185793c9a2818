import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

MONITOR = "accuracy"  # fault: stops-on-training

def callbacks_for(name, monitor=MONITOR):
    best = f"{name}-best.keras"
    yield tf.keras.callbacks.ModelCheckpoint(best, monitor=monitor, mode="max", save_best_only=True)  # fault: stops-on-training
    yield tf.keras.callbacks.CSVLogger(f"{name}.csv")

prep = lambda x, y: (preprocess_input(x), y)
(tr, va) = (tf.keras.utils.image_dataset_from_directory(f"tiles/{n}", image_size=(96, 96)).map(prep) for n in ("train", "val"))
base = VGG16(include_top=False, input_shape=(96, 96, 3), pooling="avg")
base.trainable = False
m = tf.keras.Sequential([base, tf.keras.layers.Dense(2, activation="softmax")])
m.compile(tf.keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
m.fit(tr, validation_data=va, epochs=12, callbacks=list(callbacks_for("tiles")))  # fault: stops-on-training
m = tf.keras.models.load_model("tiles-best.keras")
