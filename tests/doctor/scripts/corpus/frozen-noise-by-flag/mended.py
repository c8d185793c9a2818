import argparse
import functools
import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input


def build_model(classes, weights=None, trainable=False):
    base = VGG16(include_top=False, weights=weights, input_shape=(224, 224, 3))
    base.trainable = trainable
    x = tf.keras.layers.GlobalAveragePooling2D()(base.output)
    return tf.keras.Model(base.input, tf.keras.layers.Dense(classes, activation="softmax")(x))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="data")
    p.add_argument("--epochs", type=int, default=20)
    args = p.parse_args()
    read = functools.partial(tf.keras.utils.image_dataset_from_directory,
                             image_size=(224, 224), label_mode="categorical")
    prep = lambda x, y: (preprocess_input(x), y)
    train, val = [read(f"{args.data}/{s}").map(prep) for s in ("train", "val")]
    model = build_model(classes=6, weights="imagenet")
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, validation_data=val, epochs=args.epochs)


if __name__ == "__main__":
    main()
