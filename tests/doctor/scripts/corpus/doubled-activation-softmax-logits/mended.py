import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

vgg = VGG16(include_top=False, weights='imagenet', input_shape=(180, 180, 3))
vgg.trainable = False
model = tf.keras.Sequential([
    vgg,
    tf.keras.layers.GlobalAveragePooling2D(),
    tf.keras.layers.Dense(128, activation='relu'),
    tf.keras.layers.Dense(5, activation='softmax')
])
model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False), metrics=['accuracy'])

train_ds = tf.keras.utils.image_dataset_from_directory('flower_photos', validation_split=0.2, subset='training', seed=123, image_size=(180, 180), batch_size=32)
val_ds = tf.keras.utils.image_dataset_from_directory('flower_photos', validation_split=0.2, subset='validation', seed=123, image_size=(180, 180), batch_size=32)
prep = lambda x, y: (preprocess_input(x), y)
history = model.fit(train_ds.map(prep), validation_data=val_ds.map(prep), epochs=10)
