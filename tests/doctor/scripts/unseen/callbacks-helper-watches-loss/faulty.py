import os

from tensorflow.keras import callbacks as C
from tensorflow.keras import layers, models
from tensorflow.keras.applications.mobilenet import MobileNet, preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

NAME = "signs"
TARGET = (128, 128)


def get_callbacks(name, patience=5):
    os.makedirs("checkpoints", exist_ok=True)
    return [
        C.ModelCheckpoint(
            f"checkpoints/{name}.keras",
            monitor="loss",  # fault: stops-on-training
            mode="min",
            save_best_only=True,
        ),
        C.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=patience),  # fault: stops-on-training
        C.CSVLogger(f"checkpoints/{name}.csv"),
    ]


def get_generators(split=0.2):
    aug = ImageDataGenerator(preprocessing_function=preprocess_input, validation_split=split,
                             rotation_range=12, zoom_range=0.1)
    raw = ImageDataGenerator(preprocessing_function=preprocess_input, validation_split=split)
    opts = dict(target_size=TARGET, batch_size=64, class_mode="sparse", seed=4)
    return (aug.flow_from_directory(NAME, subset="training", **opts),
            raw.flow_from_directory(NAME, subset="validation", **opts))


train, val = get_generators()
base = MobileNet(include_top=False, weights="imagenet", input_shape=TARGET + (3,), pooling="avg")
base.trainable = False
model = models.Sequential([
    base,
    layers.Dropout(0.2),
    layers.Dense(train.num_classes, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=40, callbacks=get_callbacks(NAME))  # fault: stops-on-training
best = models.load_model(f"checkpoints/{NAME}.keras")
print(best.evaluate(val))
