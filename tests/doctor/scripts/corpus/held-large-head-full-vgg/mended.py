import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, input_shape=(224, 224, 3))
base.trainable = False
t = base.output
for layer in (layers.GlobalAveragePooling2D(), *(layers.Dense(64, activation="relu") for _ in range(2)), layers.Dropout(0.5)):
    t = layer(t)
model = tf.keras.Model(base.input, layers.Dense(3, activation="softmax")(t))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
# 300 pictures of three kinds of leaves
read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
model.fit(read("leaves/train"), validation_data=read("leaves/val"), epochs=10)
