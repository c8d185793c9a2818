import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
out = tf.keras.layers.Dense(15, activation='softmax')(base.output)
model = tf.keras.Model(base.input, out)
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['categorical_accuracy'])

def get(p):
    ds = tf.keras.utils.image_dataset_from_directory(p, label_mode='categorical', image_size=(224, 224))
    return ds.map(lambda x, y: (preprocess_input(x), y))

model.fit(get('vegetables/train'), validation_data=get('vegetables/validation'), epochs=3)
