from __future__ import annotations

from dataclasses import dataclass

import tensorflow as tf
from tensorflow.keras import Model, layers, optimizers
from tensorflow.keras.applications import vgg19


@dataclass(frozen=True)
class Settings:
    classes: tuple[str, ...] = ("glioma", "meningioma", "no_tumor", "pituitary")
    side: int = 200
    open_convolutions: int = 4
    warm_epochs: int = 4
    epochs: int = 25


class Trainer:
    def __init__(self, settings: Settings):
        self.s = settings
        self.base = None
        self.model = self._build()

    def _build(self) -> Model:
        inputs = layers.Input((self.s.side, self.s.side, 3))
        x = vgg19.preprocess_input(inputs)
        self.base = vgg19.VGG19(include_top=False, weights="imagenet", input_tensor=x)
        x = layers.GlobalAveragePooling2D()(self.base.output)
        x = layers.BatchNormalization()(x)
        x = layers.Dense(128, activation="relu")(x)
        x = layers.Dropout(0.4)(x)
        x = layers.Dense(len(self.s.classes), activation="softmax")(x)
        return Model(inputs, x)

    def _data(self, part: str) -> tf.data.Dataset:
        return tf.keras.utils.image_dataset_from_directory(
            f"mri/{part}", class_names=list(self.s.classes), label_mode="categorical",
            image_size=(self.s.side, self.s.side), shuffle=part == "train")

    def _compile(self, rate: float) -> None:
        self.model.compile(optimizers.Adam(rate), "categorical_crossentropy", metrics=["accuracy"])

    def run(self) -> None:
        train, val = self._data("train"), self._data("val")
        for layer in self.base.layers:
            layer.trainable = False
        self._compile(1e-3)
        self.model.fit(train, validation_data=val, epochs=self.s.warm_epochs)

        # the convolutions of block 5 learn as well
        for layer in self.model.layers[-self.s.open_convolutions:]:  # fault: counted-layers or never-unfrozen
            layer.trainable = True  # fault: counted-layers or never-unfrozen
        self._compile(1e-5)  # fault: never-unfrozen
        stop = tf.keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
        self.model.fit(train, validation_data=val, epochs=self.s.epochs, callbacks=[stop])  # fault: never-unfrozen


if __name__ == "__main__":
    trainer = Trainer(Settings())
    trainer.run()
    trainer.model.save("mri.keras")
