import tensorflow as tf
from tensorflow.keras import layers
from tensorflow.keras.applications.vgg16 import preprocess_input

def decode(path, label):
    img = tf.io.read_file(path)
    img = tf.io.decode_jpeg(img, channels=3)
    img = tf.image.resize(img, [224, 224])
    return preprocess_input(img), label

def dataset(paths, labels, training=False):
    ds = tf.data.Dataset.from_tensor_slices((paths, labels))
    if training:
        ds = ds.shuffle(len(paths))
    return ds.map(decode).batch(32)

inputs = tf.keras.Input(shape=(224, 224, 3))
x = tf.keras.applications.VGG16(include_top=False, weights='imagenet')(inputs)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(1, activation='sigmoid')(x)
model = tf.keras.Model(inputs, outputs)
model.compile(optimizer=tf.keras.optimizers.Adam(1e-5), loss='binary_crossentropy', metrics=['accuracy'])

import glob
cats, dogs = sorted(glob.glob('train/cat*')), sorted(glob.glob('train/dog*'))
vc, vd = sorted(glob.glob('val/cat*')), sorted(glob.glob('val/dog*'))
train = dataset(cats + dogs, [0] * len(cats) + [1] * len(dogs), training=True)
val = dataset(vc + vd, [0] * len(vc) + [1] * len(vd))
model.fit(train, validation_data=val, epochs=5)
