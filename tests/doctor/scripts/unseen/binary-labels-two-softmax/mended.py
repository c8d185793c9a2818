import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.inception_v3 import InceptionV3, preprocess_input

BATCH_SIZE = 64
IMG_SIZE = (299, 299)

train_ds, val_ds = tf.keras.utils.image_dataset_from_directory(
    'pneumonia',
    label_mode='binary',
    validation_split=0.2,
    subset='both',
    seed=2021,
    batch_size=BATCH_SIZE,
    image_size=IMG_SIZE,
)

base_model = InceptionV3(input_shape=IMG_SIZE + (3,), include_top=False, weights='imagenet')
base_model.trainable = False

inputs = tf.keras.Input(shape=IMG_SIZE + (3,))
x = layers.RandomContrast(0.1)(inputs)
x = preprocess_input(x)
x = base_model(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(32, activation='relu')(x)
outputs = layers.Dense(1, activation='sigmoid')(x)
model = tf.keras.Model(inputs, outputs)

model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=5e-4),
    loss='binary_crossentropy',
    metrics=['accuracy'],
)
model.fit(train_ds, validation_data=val_ds, epochs=10)
model.save('pneumonia.keras')
