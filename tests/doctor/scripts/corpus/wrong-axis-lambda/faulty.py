import tensorflow as tf
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D, Lambda
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base.trainable = False
x = GlobalAveragePooling2D()(base.output)
x = Dense(5)(x)
out = Lambda(lambda t: tf.nn.softmax(t, axis=0))(x)  # fault: wrong-axis
model = tf.keras.Model(base.input, out)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])

d = tf.keras.utils.image_dataset_from_directory
f = lambda x, y: (preprocess_input(x), y)
model.fit(d('flowers/train', image_size=(224, 224)).map(f), validation_data=d('flowers/val', image_size=(224, 224)).map(f), epochs=5)
