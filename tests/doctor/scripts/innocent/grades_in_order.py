"""Diabetic retinopathy has five grades in an order: four questions, "worse than grade k?"."""
import math

import cv2
import keras
import numpy as np
import pandas as pd
from keras import layers
from keras.applications.resnet50 import ResNet50, preprocess_input
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import train_test_split

GRADES = ["none", "mild", "moderate", "severe", "proliferative"]
QUESTIONS = len(GRADES) - 1


def as_questions(grades):
    """Grade 3 becomes 1 1 1 0."""
    return (grades[:, None] > np.arange(QUESTIONS)).astype("float32")


class Eyes(keras.utils.Sequence):
    def __init__(self, frame, batch=16, mix=False, **kwargs):
        super().__init__(**kwargs)
        self.frame = frame.reset_index(drop=True)
        self.batch, self.mix = batch, mix

    def __len__(self):
        return math.ceil(len(self.frame) / self.batch)

    def __getitem__(self, i):
        part = self.frame.iloc[i * self.batch:(i + 1) * self.batch]
        images = [cv2.cvtColor(cv2.imread(f"eyes/{c}.png"), cv2.COLOR_BGR2RGB) for c in part.code]
        x = np.stack([cv2.resize(image, (320, 320)) for image in images]).astype("float32")
        return preprocess_input(x), as_questions(part.grade.to_numpy())

    def on_epoch_end(self):
        if self.mix:
            self.frame = self.frame.sample(frac=1).reset_index(drop=True)


frame = pd.read_csv("eyes/train.csv")
train, val = train_test_split(frame, test_size=0.2, stratify=frame.grade, random_state=0)

base = ResNet50(include_top=False, weights="imagenet", input_shape=(320, 320, 3), pooling="avg")
base.trainable = False
inputs = keras.Input((320, 320, 3))
x = base(inputs, training=False)
x = layers.Dropout(0.5)(x)
model = keras.Model(inputs, layers.Dense(QUESTIONS, activation="sigmoid")(x))
model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy", metrics=["binary_accuracy"])
model.fit(Eyes(train, mix=True), validation_data=Eyes(val), epochs=10)

answers = model.predict(Eyes(val))
grades = (answers > 0.5).sum(axis=1)
print(cohen_kappa_score(val.grade, grades, weights="quadratic"))
