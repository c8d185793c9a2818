import tensorflow as tf
from tensorflow.keras import layers

inputs = tf.keras.Input(shape=(224, 224, 3))
x = layers.RandomFlip("horizontal")(inputs)
x = tf.keras.applications.vgg16.preprocess_input(x)
base_model = tf.keras.applications.VGG16(include_top=False, weights="imagenet", input_shape=(224, 224, 3))
base_model.trainable = False
x = base_model(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(5, activation="softmax")(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

train_dataset = tf.keras.utils.image_dataset_from_directory("flower_photos", validation_split=0.2, subset="training", seed=1, image_size=(224, 224))
validation_dataset = tf.keras.utils.image_dataset_from_directory("flower_photos", validation_split=0.2, subset="validation", seed=1, image_size=(224, 224))
model.fit(train_dataset, epochs=10, validation_data=validation_dataset)
