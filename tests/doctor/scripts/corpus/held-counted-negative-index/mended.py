import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import *

inp = Input((224, 224, 3))
base = VGG16(weights='imagenet', include_top=False, input_tensor=inp)
h = GlobalAveragePooling2D()(base.output)
h = Dense(100, activation='relu')(h)
h = Dropout(0.5)(h)
h = Dense(6, activation='softmax')(h)
model = tf.keras.Model(inp, h)

mk = lambda p: tf.keras.utils.image_dataset_from_directory(p, label_mode='categorical', image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
train_data, val_data = mk('tea/train'), mk('tea/val')

base.trainable = False
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(train_data, validation_data=val_data, epochs=4)

# open the last three convolutions
for k in (1, 2, 3):
    model.get_layer(f'block5_conv{k}').trainable = True
model.compile(tf.keras.optimizers.Adam(2e-5), 'categorical_crossentropy', metrics=['accuracy'])
model.fit(train_data, validation_data=val_data, epochs=8)
