import keras
from keras.applications.vgg16 import VGG16, preprocess_input

train, val = keras.utils.image_dataset_from_directory("tools", image_size=(160, 160), validation_split=0.25, subset="both", seed=8)
i = keras.Input((160, 160, 3))
vgg = VGG16(include_top=False, input_shape=(160, 160, 3), pooling="avg")
o = keras.layers.Dense(5, activation="softmax")(vgg(preprocess_input(i)))
model = keras.Model(i, o)
vgg.trainable = False
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
for phase, blocks in enumerate([(), ("block5",)]):
    if blocks:
        vgg.trainable = True  # fault: trainable-after-compile
        for layer in vgg.layers:
            layer.trainable = layer.name.startswith(blocks)  # fault: trainable-after-compile
    model.fit(train, validation_data=val, epochs=3 + 3 * phase)  # also: never-unfrozen, trainable-after-compile
