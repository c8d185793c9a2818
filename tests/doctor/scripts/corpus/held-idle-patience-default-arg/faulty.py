import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

def train(model, tr, va, epochs=5, patience=10):  # fault: idle-patience
    stop = tf.keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=patience, restore_best_weights=True)  # fault: idle-patience
    return model.fit(tr, validation_data=va, epochs=epochs, callbacks=[stop])  # fault: idle-patience

read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
base.trainable = False
net = tf.keras.Sequential([base, tf.keras.layers.Dense(5, activation="softmax")])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
train(net, read("cups/train"), read("cups/val"))
