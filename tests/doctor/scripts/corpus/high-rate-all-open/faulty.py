import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D

ds_train, ds_val = tf.keras.utils.image_dataset_from_directory(
    'dogs', image_size=(224, 224), label_mode='categorical', validation_split=0.2, subset='both', seed=5)
ds_train = ds_train.map(lambda x, y: (preprocess_input(x), y))
ds_val = ds_val.map(lambda x, y: (preprocess_input(x), y))

model = tf.keras.Sequential([
    VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3)),
    GlobalAveragePooling2D(),
    Dense(120, activation='softmax'),
])
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])  # fault: high-rate
model.fit(ds_train, epochs=20, validation_data=ds_val)
