import keras
from keras import layers
from keras.applications.vgg16 import VGG16, preprocess_input

inputs = keras.Input((160, 160, 3))
x = layers.Lambda(preprocess_input)(inputs)
vgg = VGG16(include_top=False, weights="imagenet", input_tensor=x)
x = layers.GlobalAveragePooling2D()(vgg.output)
x = layers.Dense(128, activation="relu")(x)
x = layers.BatchNormalization()(x)
x = layers.Dropout(0.3)(x)
outputs = layers.Dense(3, activation="softmax")(x)
model = keras.Model(inputs, outputs)

train = keras.utils.image_dataset_from_directory("rps/train", image_size=(160, 160))
val = keras.utils.image_dataset_from_directory("rps/val", image_size=(160, 160))

vgg.trainable = False
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=3)

# unfreeze the last 5 conv layers
for l in [vgg.get_layer(n) for n in ("block5_conv1", "block5_conv2", "block5_conv3", "block4_conv2", "block4_conv3")]:
    l.trainable = True
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(1e-5), metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=10)
