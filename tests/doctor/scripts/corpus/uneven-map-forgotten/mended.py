import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D

train_ds, val_ds = tf.keras.utils.image_dataset_from_directory(
    'garbage', validation_split=0.2, subset='both', seed=123, image_size=(224, 224), batch_size=32)
train_ds = train_ds.map(lambda x, y: (preprocess_input(x), y))
val_ds = val_ds.map(lambda x, y: (preprocess_input(x), y)).cache().prefetch(tf.data.AUTOTUNE)

base = VGG16(include_top=False, input_shape=(224, 224, 3))
base.trainable = False
model = tf.keras.Sequential([base, GlobalAveragePooling2D(), Dense(64, activation='relu'), Dense(6, activation='softmax')])
model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
model.fit(train_ds, validation_data=val_ds, epochs=10)
