# Keras 3: accuracy stays at 0.0000e+00 although the loss goes down
import keras
from keras import layers

train, val = keras.utils.image_dataset_from_directory(
    "shells",
    label_mode="categorical",
    image_size=(128, 128),
    validation_split=0.25,
    subset="both",
    seed=9,
)
n = len(train.class_names)


def conv(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    return layers.MaxPooling2D()(x)


inputs = keras.Input((128, 128, 3))
x = layers.Rescaling(1 / 255)(inputs)
for filters in (32, 64, 128, 128):
    x = conv(x, filters)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(n, activation="softmax")(x)

model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.Accuracy(), keras.metrics.AUC(name="auc")],  # fault: misleading-metric
)
model.fit(train, validation_data=val, epochs=25)
print(model.evaluate(val, return_dict=True))
