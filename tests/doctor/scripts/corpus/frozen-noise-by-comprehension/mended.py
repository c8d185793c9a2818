import tensorflow as tf
from tensorflow.keras.applications import resnet50
from tensorflow.keras.layers import *
from tensorflow.keras.models import *

WEIGHTS = 'imagenet'

net = resnet50.ResNet50(include_top=False, pooling='avg', weights=WEIGHTS, input_shape=(224, 224, 3))
[setattr(l, 'trainable', False) for l in net.layers]
model = Sequential([net, Dropout(.2), Dense(37, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])

train, val = tf.keras.utils.image_dataset_from_directory(
    'pets', image_size=(224, 224), validation_split=.1, subset='both', seed=7)
p = lambda x, y: (resnet50.preprocess_input(x), y)
model.fit(train.map(p), validation_data=val.map(p), epochs=6)
