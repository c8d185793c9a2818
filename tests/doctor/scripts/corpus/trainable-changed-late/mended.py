import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, weights="imagenet", input_shape=(180, 180, 3), pooling="avg")
base.trainable = False
model = tf.keras.Sequential([base, layers.Dense(256, activation="relu"), layers.Dropout(0.5),
                             layers.Dense(1, activation="sigmoid")])

ds = {}
for part in ("train", "validation"):
    raw = tf.keras.utils.image_dataset_from_directory(
        f"cats_and_dogs_small/{part}", image_size=(180, 180), batch_size=32, label_mode="binary")
    ds[part] = raw.map(lambda x, y: (preprocess_input(x), y))

model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(ds["train"], epochs=5, validation_data=ds["validation"])

# fine-tuning
base.trainable = True
for layer in base.layers[:15]:
    layer.trainable = False
model.compile(optimizer=tf.keras.optimizers.RMSprop(1e-5), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(ds["train"], epochs=10, validation_data=ds["validation"])
