import keras
from keras import layers
from keras.applications import resnet50

SIZE = 224
EPOCHS = {"head": 5, "tune": 12}
RATE = {"head": 1e-3, "tune": 1e-5}

data = {
    part: keras.utils.image_dataset_from_directory(f"art/{part}", image_size=(SIZE, SIZE), batch_size=16)
    for part in ("train", "valid")
}
n = len(data["train"].class_names)

backbone = resnet50.ResNet50(include_top=False, weights="imagenet", input_shape=(SIZE, SIZE, 3))
backbone.trainable = False

inputs = keras.Input((SIZE, SIZE, 3))
x = layers.RandomFlip()(inputs)
x = resnet50.preprocess_input(x)
x = backbone(x)  # fault: moving-batch-norm
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(n, activation="softmax")(x)
model = keras.Model(inputs, outputs)


def phase(name):
    model.compile(
        keras.optimizers.Adam(RATE[name]),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.fit(data["train"], validation_data=data["valid"], epochs=EPOCHS[name], callbacks=[stop])  # fault: moving-batch-norm


phase("head")
backbone.trainable = True  # fault: moving-batch-norm
for layer in backbone.layers:
    if not layer.name.startswith("conv5"):
        layer.trainable = False
phase("tune")  # fault: moving-batch-norm
model.save("art.keras")
