import tensorflow as tf
from tensorflow.keras import layers, Model
from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
for layer in base.layers:
    layer.trainable = False

x = layers.GlobalAveragePooling2D()(base.output)
x = layers.Dense(512, activation='relu')(x)
out = layers.Dense(8, activation='softmax')(x)
model = Model(base.input, out)

train = tf.keras.utils.image_dataset_from_directory('scenes/train', image_size=(224, 224))
val = tf.keras.utils.image_dataset_from_directory('scenes/val', image_size=(224, 224))
train = train.map(lambda x, y: (preprocess_input(x), y))
val = val.map(lambda x, y: (preprocess_input(x), y))

model.compile(tf.keras.optimizers.Adam(1e-3), 'sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(train, validation_data=val, epochs=5)

# Phase 2: fine-tuning of the network with a small learning rate
model.compile(tf.keras.optimizers.Adam(1e-5), 'sparse_categorical_crossentropy', metrics=['accuracy'])  # fault: never-unfrozen
history_fine = model.fit(train, validation_data=val, epochs=20)  # fault: never-unfrozen
