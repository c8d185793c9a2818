import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.datasets import cifar10
from tensorflow.keras.layers import *

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
x_train, x_val, y_train, y_val = train_test_split(x_train, y_train, test_size=0.1, random_state=0)

inputs = Input(shape=(32, 32, 3))
x = Resizing(96, 96)(inputs)
x = Lambda(preprocess_input)(x)
vgg = VGG16(include_top=False, weights='imagenet', input_shape=(96, 96, 3))
vgg.trainable = False
x = vgg(x)
x = GlobalAveragePooling2D()(x)
x = Dense(128, activation='relu')(x)
outputs = Dense(10, activation='softmax')(x)
model = tf.keras.Model(inputs, outputs)

model.compile('adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=64, epochs=10, validation_data=(x_val, y_val))
print(model.evaluate(x_test, y_test))
