import tensorflow as tf
from tensorflow.keras.applications import vgg19

def strip(net, times):
    while times:
        net.layers.pop()  # fault: popped-layers
        times -= 1
    return tf.keras.Model(net.input, net.layers[-1].output)

body = strip(vgg19.VGG19(), times=2)
body.trainable = False
tr, va = tf.keras.utils.image_dataset_from_directory("stamps", validation_split=.2, subset="both", seed=2, image_size=(224, 224))
to = lambda x, y: (vgg19.preprocess_input(x), y)
net = tf.keras.Sequential([body, tf.keras.layers.Dense(14, activation="softmax")])
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(tr.map(to), validation_data=va.map(to), epochs=6)
