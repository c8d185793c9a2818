import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

D = tf.keras.layers.Dense
dense = lambda n: D(n, activation=tf.nn.relu)
base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
x = base.output
for n in (256, 64):
    x = dense(n)(x)
model = tf.keras.Model(base.input, D(5, activation='softmax')(x))
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
model.fit(read('fruit/train'), validation_data=read('fruit/val'), epochs=5)
