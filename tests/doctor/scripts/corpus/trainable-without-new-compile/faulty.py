import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input


class Classifier:
    def __init__(self, n):
        self.base = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
        self.base.trainable = False
        self.model = tf.keras.Sequential([
            self.base,
            tf.keras.layers.GlobalAveragePooling2D(),
            tf.keras.layers.Dense(n, activation="softmax"),
        ])
        self._compile(1e-3)

    def _compile(self, rate):
        self.model.compile(tf.keras.optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])

    def unfreeze(self):
        self.base.trainable = True  # fault: trainable-after-compile
        for layer in self.base.layers:
            setattr(layer, "trainable", "block5" in layer.name)  # fault: trainable-after-compile

    def train(self, data, val, epochs):
        return self.model.fit(data, validation_data=val, epochs=epochs)  # also: never-unfrozen


def folder(path):
    ds = tf.keras.utils.image_dataset_from_directory(path, label_mode="categorical", image_size=(224, 224))
    return ds.map(lambda x, y: (preprocess_input(x), y))


if __name__ == "__main__":
    train_data, val_data = folder("food/train"), folder("food/val")
    clf = Classifier(n=11)
    clf.train(train_data, val_data, 4)
    clf.unfreeze()
    clf.train(train_data, val_data, 8)  # also: never-unfrozen
