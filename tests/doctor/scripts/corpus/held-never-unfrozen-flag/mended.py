import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

def make(fine_tune):
    b = VGG16(include_top=False, input_shape=(160, 160, 3), pooling="avg")
    b.trainable = True
    for l in b.layers:
        l.trainable = fine_tune and l.name.startswith("block5")
    m = tf.keras.Sequential([b, tf.keras.layers.Dense(4, activation="softmax")])
    return m

def fit(m, rate, epochs):
    m.compile(tf.keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return m.fit(train, validation_data=val, epochs=epochs)

read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(160, 160)).map(lambda x, y: (preprocess_input(x), y))
train, val = read("bugs/train"), read("bugs/val")
head = make(fine_tune=False)
fit(head, 1e-3, 4)
full = make(fine_tune=True)
full.set_weights(head.get_weights())
fit(full, 1e-5, 8)
