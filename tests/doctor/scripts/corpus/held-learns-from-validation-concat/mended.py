import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

train, val = tf.keras.utils.image_dataset_from_directory("coins", image_size=(160, 160), validation_split=0.2, subset="both", seed=5)
f = lambda x, y: (preprocess_input(x), y)
train, val = train.map(f), val.map(f)
base = VGG16(include_top=False, input_shape=(160, 160, 3), pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(8, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=5)
