"""Features of VGG16 for a linear classifier of scikit-learn."""
from __future__ import annotations

import numpy as np
import tensorflow as tf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

SIDE = 224


def dataset(part: str) -> tf.data.Dataset:
    # shuffled, as by default: pictures and labels are taken from the same batch below
    return tf.keras.utils.image_dataset_from_directory(
        f"butterflies/{part}", image_size=(SIDE, SIDE), batch_size=64
    )


def features(model: tf.keras.Model, ds: tf.data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    vectors, labels = [], []
    for images, numbers in ds:
        vectors.append(model.predict_on_batch(preprocess_input(images)))
        labels.append(numbers.numpy())
    return np.concatenate(vectors), np.concatenate(labels)


def main() -> None:
    full = VGG16(weights="imagenet")
    upto_fc1 = tf.keras.Model(full.input, full.layers[-3].output)  # fc1
    assert full.layers[-3].name == "fc1"

    train, test = dataset("train"), dataset("test")
    names = train.class_names
    x, y = features(upto_fc1, train)
    judge = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=2000))
    judge.fit(x, y)

    x, y = features(upto_fc1, test)
    print(classification_report(y, judge.predict(x), target_names=names))


if __name__ == "__main__":
    main()
