import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input

resnet = ResNet50(weights="imagenet", pooling=None)
del resnet.layers[-1]  # fault: popped-layers
x = resnet.layers[-1].output
resnet.trainable = False
prediction = keras.layers.Dense(10, activation="softmax", name="birds")(x)
model = keras.Model(inputs=resnet.input, outputs=prediction)

AUTOTUNE = tf.data.AUTOTUNE
train, val = keras.utils.image_dataset_from_directory(
    "birds", validation_split=0.2, subset="both", seed=1,
    image_size=(224, 224), label_mode="int")
prep = lambda img, lab: (preprocess_input(img), lab)
train, val = (d.map(prep, num_parallel_calls=AUTOTUNE) for d in (train, val))

model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
history = model.fit(train, validation_data=val, epochs=8)
