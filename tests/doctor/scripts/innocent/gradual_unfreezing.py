"""ResNet50 opened stage by stage, its batch norms frozen for good (so they use their stored moments)."""
import keras
from keras import layers
from keras.applications.resnet50 import ResNet50, preprocess_input

STAGES = ("conv5", "conv4", "conv3")
SIDE = 192


def load(part):
    ds = keras.utils.image_dataset_from_directory(
        f"woods/{part}", label_mode="categorical", image_size=(SIDE, SIDE), batch_size=32, seed=0
    )
    return ds, ds.class_names


def set_open(base, prefixes):
    """Open the stages that are named, except their batch norms, and close all else."""
    base.trainable = True
    for layer in base.layers:
        is_norm = isinstance(layer, layers.BatchNormalization)
        layer.trainable = layer.name.startswith(tuple(prefixes)) and not is_norm


def compile_with(model, rate):
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )


train, names = load("train")
val, _ = load("val")

base = ResNet50(include_top=False, weights="imagenet", input_shape=(SIDE, SIDE, 3))
model = keras.Sequential(
    [
        keras.Input((SIDE, SIDE, 3)),
        layers.RandomFlip("horizontal_and_vertical"),
        layers.Lambda(preprocess_input),
        base,
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.3),
        layers.Dense(len(names), activation="softmax"),
    ]
)

base.trainable = False
compile_with(model, 1e-3)
model.fit(train, validation_data=val, epochs=4)

rate = 2e-5
for count in range(1, len(STAGES) + 1):
    set_open(base, STAGES[:count])
    compile_with(model, rate)
    opened = sum(layer.trainable for layer in base.layers)
    print(f"{STAGES[:count]}: {opened} layers learn, at {rate:.0e}")
    keep = keras.callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    model.fit(train, validation_data=val, epochs=5, callbacks=[keep])
    rate /= 2

model.save("woods.keras")
