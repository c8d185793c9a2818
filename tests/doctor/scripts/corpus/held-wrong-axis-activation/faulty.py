import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

def softmax(t):
    return tf.keras.activations.softmax(t, axis=0)  # fault: wrong-axis

model = tf.keras.Sequential()
model.add(VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg'))
model.layers[0].trainable = False
model.add(tf.keras.layers.Dense(3, activation=softmax))  # fault: wrong-axis
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
model.fit(read('rps/train'), validation_data=read('rps/val'), epochs=5)
