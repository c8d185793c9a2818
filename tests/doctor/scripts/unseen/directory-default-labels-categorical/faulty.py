from datetime import datetime
from pathlib import Path

import tensorflow as tf
from tensorflow.keras import layers, models
from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input

root = Path("~/datasets/sports").expanduser()
stamp = f"{datetime.now():%Y%m%d-%H%M}"
out_dir = Path("out") / stamp
out_dir.mkdir(parents=True, exist_ok=True)

size = 224
common = dict(image_size=(size, size), batch_size=32)
train_ds = tf.keras.utils.image_dataset_from_directory(root / "train", seed=11, **common)  # fault: wrong-loss
valid_ds = tf.keras.utils.image_dataset_from_directory(root / "valid", shuffle=False, **common)  # fault: wrong-loss
labels = train_ds.class_names
print(f"{len(labels)} sports: {', '.join(labels)}")

prepare = lambda image, label: (preprocess_input(image), label)
train_ds = train_ds.map(prepare).prefetch(tf.data.AUTOTUNE)
valid_ds = valid_ds.map(prepare).prefetch(tf.data.AUTOTUNE)

vgg = VGG16(include_top=False, input_shape=(size, size, 3))
for layer in vgg.layers:
    layer.trainable = False

model = models.Sequential(name=f"vgg16_{size}")
model.add(vgg)
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(256, activation="relu"))
model.add(layers.Dropout(0.3))
model.add(layers.Dense(len(labels), activation="softmax"))
model.compile(
    optimizer="adam",
    loss="categorical_crossentropy",  # fault: wrong-loss
    metrics=["accuracy"],
)
log = model.fit(train_ds, validation_data=valid_ds, epochs=12)  # fault: wrong-loss
best = max(log.history["val_accuracy"])
model.save(out_dir / f"sports-{best:.3f}.keras")
(out_dir / "labels.txt").write_text("\n".join(labels))
