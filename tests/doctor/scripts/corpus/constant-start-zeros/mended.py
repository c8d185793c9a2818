import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

pre = lambda x, y: (preprocess_input(x), y)
train = tf.keras.utils.image_dataset_from_directory('train', image_size=(224, 224)).map(pre)
val = tf.keras.utils.image_dataset_from_directory('val', image_size=(224, 224)).map(pre)
model = tf.keras.Sequential()
model.add(VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg'))
model.layers[0].trainable = False
model.add(tf.keras.layers.Dense(256, activation='relu', kernel_initializer='he_normal', bias_initializer='zeros'))
model.add(tf.keras.layers.Dense(4, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(train, validation_data=val, epochs=10)
