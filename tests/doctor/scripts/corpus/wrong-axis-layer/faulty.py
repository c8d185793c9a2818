import keras
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense, GlobalAveragePooling2D, Softmax

head = [GlobalAveragePooling2D(), Dense(64, activation="relu"), Dense(3)]
head.append(Softmax(axis=0))  # fault: wrong-axis
base = VGG16(include_top=False, input_shape=(224, 224, 3))
base.trainable = False
model = keras.Sequential([base] + head)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
ds = {s: keras.utils.image_dataset_from_directory(f"iris/{s}", image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y)) for s in ("train", "val")}
model.fit(ds["train"], validation_data=ds["val"], epochs=10)
