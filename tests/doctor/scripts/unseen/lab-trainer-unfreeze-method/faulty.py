import json
import logging

import numpy as np
from tensorflow import keras
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

log = logging.getLogger(__name__)


class XrayExperiment(object):
    """Frozen features first, the upper blocks later."""

    def __init__(self, x, y, n_out, name='xray'):
        self.name = name
        self.n_out = n_out
        order = np.random.default_rng(0).permutation(len(x))
        cut = int(len(x) * 0.85)
        self.fit_part = preprocess_input(x[order[:cut]].astype('float32')), y[order[:cut]]
        self.val_part = preprocess_input(x[order[cut:]].astype('float32')), y[order[cut:]]
        self.history = []

    def build(self):
        self.features = VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg')
        self.features.trainable = False
        self.model = keras.Sequential([
            self.features,
            keras.layers.Dense(64, activation='relu'),
            keras.layers.Dense(self.n_out, activation='softmax'),
        ])
        return self

    def compile(self, lr):
        self.model.compile(
            loss='sparse_categorical_crossentropy',
            optimizer=keras.optimizers.Adam(learning_rate=lr),
            metrics=['accuracy'],
        )
        return self

    def unfreeze(self, since='block5_conv1'):
        opened = False
        self.features.trainable = True  # fault: trainable-after-compile
        for layer in self.features.layers:
            opened = opened or layer.name == since
            layer.trainable = opened  # fault: trainable-after-compile
        return self

    def train(self, epochs):
        h = self.model.fit(*self.fit_part, validation_data=self.val_part, epochs=epochs, batch_size=16)  # fault: trainable-after-compile
        self.history.append(h.history)
        log.info('best %.3f', max(h.history['val_accuracy']))
        return self


if __name__ == '__main__':
    logging.basicConfig(level=logging.INFO)
    exp = XrayExperiment(np.load('x.npy'), np.load('y.npy'), n_out=3)
    exp.build().compile(1e-3).train(5)
    exp.compile(1e-5).unfreeze().train(5).unfreeze('block4_conv1').train(10)  # fault: trainable-after-compile
    with open(exp.name + '.json', 'w') as f:
        json.dump(exp.history, f)
