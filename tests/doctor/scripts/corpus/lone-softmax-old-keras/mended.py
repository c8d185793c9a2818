from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten  # also: removed-api
from keras.layers.convolutional import Convolution2D, MaxPooling2D  # also: removed-api
from keras.optimizers import SGD
import numpy as np

X_train = np.load('X_train.npy').astype('float32') / 255
y_train = np.load('y_train.npy')   # 0 = no tumor, 1 = tumor

model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode='same', activation='relu', input_shape=(64, 64, 3)))  # also: removed-api
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Convolution2D(64, 3, 3, border_mode='same', activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(32, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(1))
model.add(Activation('sigmoid'))

model.compile(loss='binary_crossentropy', optimizer=SGD(0.01, momentum=0.9), metrics=['accuracy'])
model.fit(X_train, y_train, batch_size=32, nb_epoch=20, validation_split=0.2, shuffle=True)  # also: removed-api
