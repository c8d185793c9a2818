import json
import sys
from dataclasses import asdict, dataclass
from typing import Optional

import keras
from keras import layers, ops


@dataclass
class Options:
    folder: str = "leaves"
    side: int = 160
    weights: Optional[str] = "imagenet"
    epochs: int = 20
    rate: float = 1e-3
    freeze: bool = True


class LeafClassifier:
    def __init__(self, options: Options, names: list[str]) -> None:
        self.options = options
        self.names = names
        self.backbone = keras.applications.VGG16(
            include_top=False, weights=options.weights, input_shape=(options.side, options.side, 3)
        )
        if options.freeze:
            self.backbone.trainable = False
        inputs = layers.Input((options.side, options.side, 3), dtype="uint8")
        x = keras.applications.vgg16.preprocess_input(ops.cast(inputs, "float32"))
        x = self.backbone(x)
        x = layers.GlobalMaxPooling2D()(x)
        x = layers.Dropout(0.25)(x)
        self.model = keras.Model(inputs, layers.Dense(len(names), activation="softmax")(x))

    def fit(self, train, valid):
        self.model.compile(
            optimizer=keras.optimizers.Adam(self.options.rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        stop = keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=4, restore_best_weights=True)
        return self.model.fit(train, validation_data=valid, epochs=self.options.epochs, callbacks=[stop])

    def save(self, path: str) -> None:
        self.model.save(path)
        with open(path + ".json", "w") as file:
            json.dump({"names": self.names, **asdict(self.options)}, file)


def main(folder: str) -> None:
    options = Options(folder=folder)
    train, valid = keras.utils.image_dataset_from_directory(
        options.folder, validation_split=0.2, subset="both", seed=5, image_size=(options.side, options.side)
    )
    classifier = LeafClassifier(options, train.class_names)
    classifier.fit(train, valid)
    classifier.save("leaves.keras")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "leaves")
