#!/usr/bin/env python3
import argparse
from pathlib import Path

import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("data", type=Path)
    p.add_argument("--epochs", type=int, default=10)  # fault: idle-patience
    p.add_argument("--patience", type=int, default=15)  # fault: idle-patience
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--out", type=Path, default=Path("model.keras"))
    return p.parse_args()


def datasets(root: Path):
    for part in ("train", "val"):
        ds = tf.keras.utils.image_dataset_from_directory(
            str(root / part), label_mode="categorical", image_size=(224, 224), seed=0)
        yield ds


def network(n: int) -> tf.keras.Model:
    base = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
    base.trainable = False
    return tf.keras.Sequential([
        tf.keras.Input((224, 224, 3)),
        tf.keras.layers.Lambda(preprocess_input),
        base,
        tf.keras.layers.GlobalAveragePooling2D(),
        tf.keras.layers.Dense(100, activation="relu"),
        tf.keras.layers.Dropout(0.5),
        tf.keras.layers.Dense(n, activation="softmax"),
    ])


def run(args) -> None:
    train, val = datasets(args.data)
    model = network(len(train.class_names))
    model.compile(tf.keras.optimizers.Adam(args.lr), "categorical_crossentropy", metrics=["accuracy"])
    stopper = tf.keras.callbacks.EarlyStopping(  # fault: idle-patience
        monitor="val_loss",
        patience=args.patience,  # fault: idle-patience
        restore_best_weights=True,
    )
    model.fit(train, validation_data=val, epochs=args.epochs, callbacks=[stopper])  # fault: idle-patience
    model.save(args.out)


if __name__ == "__main__":
    run(parse())
