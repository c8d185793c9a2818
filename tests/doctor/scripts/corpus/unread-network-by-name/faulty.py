import json
import tensorflow as tf

with open("config.json") as file:
    cfg = json.load(file)

base = getattr(tf.keras.applications, cfg["network"])(include_top=False, pooling="avg", input_shape=(224, 224, 3))  # fault: unread
base.trainable = False
inputs = tf.keras.Input((224, 224, 3))
x = base(tf.keras.applications.vgg16.preprocess_input(inputs), training=False)
outputs = tf.keras.layers.Dense(5, activation="softmax")(x)
model = tf.keras.Model(inputs, outputs)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
tr, va = tf.keras.utils.image_dataset_from_directory(cfg["data"], image_size=(224, 224), validation_split=0.2, subset="both", seed=1)
model.fit(tr, validation_data=va, epochs=5)
