import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

train, val = tf.keras.utils.image_dataset_from_directory("shoes", image_size=(224, 224), label_mode="categorical",
                                                         validation_split=0.2, subset="both", seed=1)
train = train.map(lambda x, y: (preprocess_input(x), y))
val = val.map(lambda x, y: (preprocess_input(x), y))

base = VGG16(include_top=False, pooling="avg", input_shape=(224, 224, 3))
for layer in base.layers:
    layer.trainable = "block5" in layer.name
model = tf.keras.Sequential([base, tf.keras.layers.Dense(3, activation="softmax")])

model.compile(tf.keras.optimizers.Adam(1e-5), "categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=10)

# still improving, train for some more epochs
model.fit(train, validation_data=val, epochs=10)
