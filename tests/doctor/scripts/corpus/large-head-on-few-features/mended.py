import numpy as np
from tensorflow.keras import layers, Sequential
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.utils import image_dataset_from_directory

conv_base = VGG16(weights="imagenet", include_top=False, input_shape=(180, 180, 3))

def get_features_and_labels(dataset):
    all_features, all_labels = [], []
    for images, labels in dataset:
        all_features.append(conv_base.predict(preprocess_input(images), verbose=0))
        all_labels.append(labels)
    return np.concatenate(all_features), np.concatenate(all_labels)

train_features, train_labels = get_features_and_labels(image_dataset_from_directory("small/train", image_size=(180, 180), batch_size=32))
val_features, val_labels = get_features_and_labels(image_dataset_from_directory("small/validation", image_size=(180, 180), batch_size=32))

model = Sequential([layers.Input((5, 5, 512)), layers.GlobalAveragePooling2D(), layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["accuracy"])
history = model.fit(train_features, train_labels, epochs=20, validation_data=(val_features, val_labels))
