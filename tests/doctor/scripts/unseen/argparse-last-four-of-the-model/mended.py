"""Train VGG16 on our parts images, then fine-tune the last convolutional block."""
import argparse
import os

from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Dense, Dropout, GlobalAveragePooling2D
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api


def get_args():
    ap = argparse.ArgumentParser()
    ap.add_argument("--data", default="parts")
    ap.add_argument("--batch-size", type=int, default=32)
    ap.add_argument("--head-epochs", type=int, default=5)
    ap.add_argument("--tune-epochs", type=int, default=20)
    ap.add_argument("--tune-lr", type=float, default=1e-5)
    return ap.parse_args()


def make_data(args):
    gens = {}
    for split in ("train", "val"):
        extra = dict(rotation_range=10, horizontal_flip=True) if split == "train" else {}
        idg = ImageDataGenerator(preprocessing_function=preprocess_input, **extra)
        gens[split] = idg.flow_from_directory(
            os.path.join(args.data, split), target_size=(224, 224),
            batch_size=args.batch_size, class_mode="categorical", shuffle=split == "train")
    return gens["train"], gens["val"]


def main():
    args = get_args()
    train, val = make_data(args)
    base = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
    x = GlobalAveragePooling2D()(base.output)
    x = Dense(256, activation="relu")(x)
    x = Dropout(0.5)(x)
    out = Dense(train.num_classes, activation="softmax")(x)
    model = Model(inputs=base.input, outputs=out)

    for layer in base.layers:
        layer.trainable = False
    model.compile(optimizer=Adam(1e-3), loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, validation_data=val, epochs=args.head_epochs)

    # stage 2: the last conv block (3 convolutions + pooling) is trained too
    for layer in base.layers[-4:]:
        layer.trainable = True
    model.compile(optimizer=Adam(args.tune_lr), loss="categorical_crossentropy", metrics=["accuracy"])
    model.fit(train, validation_data=val, epochs=args.tune_epochs,
              callbacks=[EarlyStopping(patience=3, restore_best_weights=True)])
    model.save("parts.keras")


if __name__ == "__main__":
    main()
