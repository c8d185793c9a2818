import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api


class Trainer:
    SIZE = (150, 150)
    MODE = 'categorical'  # fault: wrong-loss

    def __init__(self):
        b = VGG16(include_top=False, input_shape=(*self.SIZE, 3), pooling='avg')
        b.trainable = False
        self.model = tf.keras.Sequential([b, tf.keras.layers.Dense(6, activation='softmax')])
        self.model.compile('adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])  # fault: wrong-loss; also: misleading-metric

    def flow(self, path):
        return ImageDataGenerator(preprocessing_function=preprocess_input).flow_from_directory(
            path, target_size=self.SIZE, class_mode=self.MODE)  # fault: wrong-loss

    def run(self):
        self.model.fit(self.flow('intel/train'), validation_data=self.flow('intel/val'), epochs=5)  # fault: wrong-loss


Trainer().run()
