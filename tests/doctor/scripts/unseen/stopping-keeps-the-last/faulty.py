import keras
from keras import layers
from keras.applications import vgg16

shape = (224, 224)
train = keras.utils.image_dataset_from_directory("coins/train", image_size=shape, label_mode="categorical")
val = keras.utils.image_dataset_from_directory("coins/val", image_size=shape, label_mode="categorical", shuffle=False)
test = keras.utils.image_dataset_from_directory("coins/test", image_size=shape, label_mode="categorical", shuffle=False)
n = len(train.class_names)

base = vgg16.VGG16(include_top=False, weights="imagenet", input_shape=shape + (3,))
base.trainable = False

inputs = keras.Input(shape + (3,))
x = layers.RandomRotation(0.5)(inputs)
x = vgg16.preprocess_input(x)
x = base(x)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(128, activation="gelu")(x)
x = layers.Dropout(0.4)(x)
model = keras.Model(inputs, layers.Dense(n, activation="softmax")(x))

model.compile(
    optimizer=keras.optimizers.Adam(5e-4),
    loss="categorical_crossentropy",
    metrics=["accuracy", keras.metrics.TopKCategoricalAccuracy(3)],
)
model.fit(
    train,
    validation_data=val,
    epochs=60,
    callbacks=[
        keras.callbacks.EarlyStopping(monitor="val_accuracy", patience=6, verbose=1),  # fault: keeps-last-weights
        keras.callbacks.TensorBoard(log_dir="logs"),
    ],
)
print(model.evaluate(test, return_dict=True))
model.save("coins.keras")
