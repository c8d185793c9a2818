import keras
from keras.applications.resnet50 import ResNet50, preprocess_input
from keras.layers import BatchNormalization, Dense, GlobalAveragePooling2D

base = ResNet50(include_top=False, weights="imagenet", input_shape=(224, 224, 3))
base.trainable = False
model = keras.Sequential([base, GlobalAveragePooling2D(), Dense(6, activation="softmax")])
tr, va = keras.utils.image_dataset_from_directory("cups", image_size=(224, 224), validation_split=0.2, subset="both", seed=4)
tr, va = [d.map(lambda x, y: (preprocess_input(x), y)) for d in (tr, va)]
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(tr, validation_data=va, epochs=4)

base.trainable = True
for layer in filter(lambda l: isinstance(l, BatchNormalization), base.layers):
    layer.trainable = False
model.compile(keras.optimizers.Adam(1e-5), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(tr, validation_data=va, epochs=4)
