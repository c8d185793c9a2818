import dataclasses
import typing as t

import keras
from keras import layers
from keras.applications import vgg16


@dataclasses.dataclass
class Hyper:
    optimizer: t.Literal["rmsprop", "adam"] = "rmsprop"
    learning_rate: float = 1e-2  # fault: high-rate
    open_from: str = "block4_conv1"
    epochs: int = 20
    batch: int = 32


OPTIMIZERS = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam}


def open_blocks(base: keras.Model, first: str) -> None:
    base.trainable = True
    names = [layer.name for layer in base.layers]
    for layer in base.layers[: names.index(first)]:
        layer.trainable = False


def make_model(h: Hyper, classes: int) -> keras.Model:
    base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=(224, 224, 3), pooling="avg")
    open_blocks(base, h.open_from)
    inputs = layers.Input((224, 224, 3))
    x = vgg16.preprocess_input(inputs)
    x = base(x)
    x = layers.Dropout(0.5)(x)
    model = keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))
    model.compile(  # fault: high-rate
        optimizer=OPTIMIZERS[h.optimizer](learning_rate=h.learning_rate),  # fault: high-rate
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def main(h: Hyper = Hyper()) -> None:
    train, valid = keras.utils.image_dataset_from_directory(
        "insects", image_size=(224, 224), batch_size=h.batch, validation_split=0.2, subset="both", seed=1
    )
    model = make_model(h, len(train.class_names))
    stop = keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
    model.fit(train, validation_data=valid, epochs=h.epochs, callbacks=[stop])  # fault: high-rate
    model.save("insects.keras")


if __name__ == "__main__":
    main()
