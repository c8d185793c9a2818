import math
import tensorflow as tf
from sklearn.metrics import confusion_matrix
from tensorflow.keras.applications import vgg16
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

N, BS = {"train": 3000, "val": 500, "test": 70}, 64
stream = lambda which: ImageDataGenerator(preprocessing_function=vgg16.preprocess_input).flow_from_directory(
    f"coins/{which}", target_size=(224, 224), batch_size=BS, class_mode="categorical", shuffle=which == "train")
steps = {k: n // BS for k, n in N.items()}  # fault: dropped-images

base = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(224, 224, 3))
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(6, activation="softmax")])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(stream("train"), steps_per_epoch=steps["train"], validation_data=stream("val"), validation_steps=steps["val"], epochs=10)  # fault: dropped-images
score = model.evaluate(stream("test"), steps=steps["test"])  # fault: dropped-images
print(f"{score[1]:.1%}")
