import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, pooling="avg", input_shape=(224, 224, 3))
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(9, activation="softmax")])
data = [tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y)) for p in ("fish/train", "fish/val")]

for rate, blocks in [(1e-3, []), (1e-5, ["block4", "block5"])]:
    if blocks:
        base.trainable = True
        for l in base.layers:
            l.trainable = any(l.name.startswith(b) for b in blocks)
    model.compile(tf.keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": rate}}), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(data[0], validation_data=data[1], epochs=5)
