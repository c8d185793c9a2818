import argparse

import numpy as np
from sklearn.metrics import classification_report, confusion_matrix
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Dense, Dropout, GlobalAveragePooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api


class DefectTrainer:
    IMG = (224, 224)

    def __init__(self, root, batch_size):
        self.root = root
        plain = ImageDataGenerator(preprocessing_function=preprocess_input)
        moved = ImageDataGenerator(preprocessing_function=preprocess_input, rotation_range=8,
                                   width_shift_range=.05, height_shift_range=.05)
        self.train_flow = self._flow(moved, 'train', batch_size)
        self.val_flow = self._flow(plain, 'val', batch_size)
        self.test_flow = self._flow(plain, 'test', batch_size)  # fault: shuffled-predictions

    def _flow(self, gen, part, batch_size, **kwargs):
        return gen.flow_from_directory('%s/%s' % (self.root, part), target_size=self.IMG,  # fault: shuffled-predictions
                                       batch_size=batch_size, class_mode='categorical', **kwargs)

    def build(self):
        base = VGG16(include_top=False, weights='imagenet', input_shape=self.IMG + (3,))
        base.trainable = False
        self.model = Sequential([
            base,
            GlobalAveragePooling2D(),
            Dense(128, activation='relu'),
            Dropout(0.5),
            Dense(len(self.train_flow.class_indices), activation='softmax'),
        ])
        self.model.compile('adam', loss='categorical_crossentropy', metrics=['accuracy'])

    def train(self, epochs):
        stop = EarlyStopping(monitor='val_loss', patience=4, restore_best_weights=True)
        self.model.fit(self.train_flow, validation_data=self.val_flow, epochs=epochs, callbacks=[stop])

    def report(self):
        probs = self.model.predict(self.test_flow)  # fault: shuffled-predictions
        pred = np.argmax(probs, axis=1)
        true = self.test_flow.classes  # fault: shuffled-predictions
        print(confusion_matrix(true, pred))  # fault: shuffled-predictions
        print(classification_report(true, pred, target_names=list(self.test_flow.class_indices)))  # fault: shuffled-predictions


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('root')
    parser.add_argument('-b', '--batch-size', type=int, default=32)
    parser.add_argument('-e', '--epochs', type=int, default=30)
    args = parser.parse_args()
    t = DefectTrainer(args.root, args.batch_size)
    t.build()
    t.train(args.epochs)
    t.report()
