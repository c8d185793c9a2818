from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten, Convolution2D, MaxPooling2D
from keras.utils import np_utils  # also: removed-api
from keras.datasets import mnist

(X_train, y_train), (X_test, y_test) = mnist.load_data()
X_train = X_train.reshape(-1, 28, 28, 1) / 255.0
X_test = X_test.reshape(-1, 28, 28, 1) / 255.0
Y_train = np_utils.to_categorical(y_train, 10)  # also: removed-api
Y_test = np_utils.to_categorical(y_test, 10)
model = Sequential()
model.add(Convolution2D(32, 3, 3, border_mode='same', input_shape=(28, 28, 1)))  # also: removed-api
model.add(Activation('relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dropout(0.5))
model.add(Dense(10))  # fault: missing-activation
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])  # fault: missing-activation
model.fit(X_train, Y_train, batch_size=128, nb_epoch=10, validation_split=0.1)  # also: removed-api
print(model.evaluate(X_test, Y_test))
