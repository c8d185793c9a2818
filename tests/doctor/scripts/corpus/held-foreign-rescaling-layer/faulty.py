import keras
from keras import layers

inputs = keras.Input(shape=(224, 224, 3))
x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)  # fault: foreign-preprocessing
base = keras.applications.VGG16(include_top=False, weights="imagenet", input_shape=(224, 224, 3))  # fault: foreign-preprocessing
base.trainable = False
x = base(x, training=False)  # fault: foreign-preprocessing
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(4, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
train = keras.utils.image_dataset_from_directory("moths/train", label_mode="categorical", image_size=(224, 224))
val = keras.utils.image_dataset_from_directory("moths/val", label_mode="categorical", image_size=(224, 224))
model.fit(train, validation_data=val, epochs=10)
