import numpy as np
from keras.callbacks import ReduceLROnPlateau
from keras.layers import Conv2D, Dense, Dropout, GlobalAveragePooling2D, MaxPooling2D
from keras.models import Sequential
from keras.utils import to_categorical
from sklearn.model_selection import train_test_split

data = np.load('fer2013.npz')
X = data['images'].reshape(-1, 48, 48, 1) / 255.
Y = to_categorical(data['labels'], 7)
X_train, X_val, Y_train, Y_val = train_test_split(X, Y, test_size=0.2, random_state=2)

model = Sequential([
    Conv2D(32, 3, padding='same', activation='relu', input_shape=(48, 48, 1)), MaxPooling2D(),
    Conv2D(64, 3, padding='same', activation='relu'), MaxPooling2D(),
    Conv2D(128, 3, padding='same', activation='relu'), GlobalAveragePooling2D(),
    Dropout(0.4), Dense(7, activation='softmax'),
])
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
reduce_lr = ReduceLROnPlateau(monitor='loss', factor=0.2, patience=5, min_lr=1e-6)  # fault: stops-on-training
model.fit(X_train, Y_train, batch_size=64, epochs=60, validation_data=(X_val, Y_val), callbacks=[reduce_lr])
