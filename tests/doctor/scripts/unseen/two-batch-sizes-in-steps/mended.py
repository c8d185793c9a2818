"""A small net on CIFAR-10 with augmentation."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras.datasets import cifar10
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

batch_size = 32
epochs = 60
num_classes = 10

(x_all, y_all), (x_test, y_test) = cifar10.load_data()
x_all = x_all.astype('float32') / 255
x_test = x_test.astype('float32') / 255
y_all = keras.utils.to_categorical(y_all, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)
x_train, y_train = x_all[:40000], y_all[:40000]
x_valid, y_valid = x_all[40000:], y_all[40000:]

model = keras.Sequential([keras.Input(x_train.shape[1:])])
for filters in [32, 64, 128]:
    for _ in range(2):
        model.add(layers.Conv2D(filters, (3, 3), padding='same', kernel_initializer='he_uniform'))
        model.add(layers.BatchNormalization())
        model.add(layers.Activation('relu'))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Dropout(0.25))
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(num_classes, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer=keras.optimizers.Adam(0.001), metrics=['accuracy'])

datagen = ImageDataGenerator(width_shift_range=0.1, height_shift_range=0.1, horizontal_flip=True)
model.fit(
    datagen.flow(x_train, y_train, batch_size=32),
    steps_per_epoch=len(x_train) // batch_size,
    epochs=epochs,
    validation_data=(x_valid, y_valid),
)
print('Test accuracy:', model.evaluate(x_test, y_test, verbose=0)[1])
