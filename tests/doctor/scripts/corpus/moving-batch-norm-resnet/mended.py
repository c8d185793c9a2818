import tensorflow as tf
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input

train = tf.keras.utils.image_dataset_from_directory('food/train', image_size=(224, 224))
val = tf.keras.utils.image_dataset_from_directory('food/val', image_size=(224, 224))

base_model = ResNet50(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base_model.trainable = False
inputs = tf.keras.Input(shape=(224, 224, 3))
x = preprocess_input(inputs)
x = base_model(x, training=False)
x = tf.keras.layers.GlobalAveragePooling2D()(x)
outputs = tf.keras.layers.Dense(11, activation='softmax')(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=5, validation_data=val)

base_model.trainable = True
model.compile(optimizer=tf.keras.optimizers.Adam(1e-5), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=5, validation_data=val)
