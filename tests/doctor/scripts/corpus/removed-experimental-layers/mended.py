import tensorflow as tf
from tensorflow.keras import layers

augment = tf.keras.Sequential([layers.RandomFlip('horizontal'), layers.RandomRotation(0.1)])
base = tf.keras.applications.MobileNetV2(input_shape=(160, 160, 3), include_top=False, weights='imagenet')
base.trainable = False
inputs = tf.keras.Input(shape=(160, 160, 3))
x = augment(inputs)
x = tf.keras.applications.mobilenet_v2.preprocess_input(x)
x = base(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.2)(x)
outputs = layers.Dense(1, activation='sigmoid')(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer=tf.keras.optimizers.Adam(1e-4), loss=tf.keras.losses.BinaryCrossentropy(), metrics=['accuracy'])

train = tf.keras.utils.image_dataset_from_directory('cats_and_dogs_filtered/train', label_mode='binary', image_size=(160, 160))
val = tf.keras.utils.image_dataset_from_directory('cats_and_dogs_filtered/validation', label_mode='binary', image_size=(160, 160))
model.fit(train, epochs=10, validation_data=val)
