import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(2, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', ['accuracy'])  # fault: removed-api
read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
model.fit(read('day_night/train'), validation_data=read('day_night/val'), epochs=5)
