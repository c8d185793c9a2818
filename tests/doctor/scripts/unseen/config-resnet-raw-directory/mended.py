from dataclasses import dataclass, field
from typing import Tuple

import tensorflow as tf


@dataclass
class Config:
    data_dir: str = "data/birds"
    image_size: Tuple[int, int] = (224, 224)
    batch_size: int = 32
    epochs: int = 12
    lr: float = 1e-3
    dropout: float = 0.4
    seed: int = 1337
    metrics: list = field(default_factory=lambda: ["accuracy"])


def load(cfg: Config, subset: str):
    ds = tf.keras.utils.image_dataset_from_directory(
        cfg.data_dir,
        validation_split=0.15,
        subset=subset,
        seed=cfg.seed,
        image_size=cfg.image_size,
        batch_size=cfg.batch_size,
    )
    return ds


def build(cfg: Config, n_classes: int) -> tf.keras.Model:
    inputs = tf.keras.Input(shape=cfg.image_size + (3,))
    x = tf.keras.layers.RandomFlip("horizontal")(inputs)
    x = tf.keras.layers.RandomRotation(0.05)(x)
    x = tf.keras.applications.resnet50.preprocess_input(x)
    backbone = tf.keras.applications.ResNet50(include_top=False, weights="imagenet")
    backbone.trainable = False
    x = backbone(x, training=False)
    x = tf.keras.layers.GlobalAveragePooling2D()(x)
    x = tf.keras.layers.Dropout(cfg.dropout)(x)
    outputs = tf.keras.layers.Dense(n_classes, activation="softmax")(x)
    return tf.keras.Model(inputs, outputs, name="birds")


def main(cfg: Config) -> None:
    train, val = load(cfg, "training"), load(cfg, "validation")
    model = build(cfg, len(train.class_names))
    model.compile(
        optimizer=tf.keras.optimizers.Adam(cfg.lr),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=cfg.metrics,
    )
    train = train.prefetch(tf.data.AUTOTUNE)
    val = val.cache().prefetch(tf.data.AUTOTUNE)
    model.fit(train, validation_data=val, epochs=cfg.epochs)
    model.save("birds.keras")


if __name__ == "__main__":
    main(Config())
