"""VGG16 from random weights on 300,000 pictures, as the paper had it: SGD, weight decay, a schedule."""
from dataclasses import dataclass

import keras
from keras import layers
from keras.applications import VGG16


@dataclass
class Plan:
    epochs: int = 90
    batch: int = 256
    warm_up: int = 5
    peak: float = 0.01
    side: int = 128


def rate(epoch: int, plan: Plan) -> float:
    if epoch < plan.warm_up:
        return plan.peak * (epoch + 1) / plan.warm_up
    if epoch < 30:
        return plan.peak
    return plan.peak * (0.1 if epoch < 60 else 0.01)


def datasets(plan: Plan):
    for part, mix in (("train", True), ("val", False)):
        yield keras.utils.image_dataset_from_directory(
            f"tiny-places/{part}",
            label_mode="categorical",
            image_size=(plan.side, plan.side),
            batch_size=plan.batch,
            shuffle=mix,
        )


def network(plan: Plan, classes: int) -> keras.Model:
    inputs = keras.Input((plan.side, plan.side, 3))
    x = layers.RandomFlip("horizontal")(inputs)
    x = layers.RandomTranslation(0.1, 0.1)(x)
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    body = VGG16(include_top=False, weights=None, input_shape=(plan.side, plan.side, 3))
    x = layers.BatchNormalization()(body(x))
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


def main() -> None:
    plan = Plan()
    train, val = datasets(plan)
    model = network(plan, len(train.class_names))
    optimizer = keras.optimizers.SGD(plan.peak, momentum=0.9, nesterov=True, weight_decay=5e-4, clipnorm=1.0)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    follow = keras.callbacks.LearningRateScheduler(lambda epoch: rate(epoch, plan))
    best = keras.callbacks.ModelCheckpoint("vgg-scratch.keras", monitor="val_accuracy", save_best_only=True)
    model.fit(train, validation_data=val, epochs=plan.epochs, callbacks=[follow, best])


if __name__ == "__main__":
    main()
