import argparse
import tensorflow as tf
from tensorflow.keras.applications import vgg16


def parse():
    ap = argparse.ArgumentParser(description="train a classifier on top of VGG16")
    ap.add_argument("folder", nargs="?", default="images")
    ap.add_argument("--lr", type=float, default=1e-2)
    ap.add_argument("--epochs", type=int, default=10)
    return ap.parse_args()


def main(opt):
    train, val = tf.keras.utils.image_dataset_from_directory(
        opt.folder, image_size=(224, 224), validation_split=0.15, subset="both", seed=11)
    pre = lambda x, y: (vgg16.preprocess_input(x), y)
    base = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(224, 224, 3))
    base.trainable = False
    model = tf.keras.Sequential([base, tf.keras.layers.Dense(4, activation="softmax")])
    model.compile(tf.keras.optimizers.SGD(opt.lr, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(train.map(pre), validation_data=val.map(pre), epochs=opt.epochs)


if __name__ == "__main__":
    main(parse())
