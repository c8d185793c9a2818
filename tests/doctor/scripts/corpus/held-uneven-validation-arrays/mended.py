import numpy as np
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense, Dropout, GlobalAveragePooling2D
from keras.models import Model
from keras.utils import to_categorical

train = np.load('train.npz')
valid = np.load('valid.npz')
X_train = preprocess_input(train['x'].astype('float32'))
X_valid = preprocess_input(valid['x'].astype('float32'))
Y_train, Y_valid = to_categorical(train['y'], 5), to_categorical(valid['y'], 5)

vgg = VGG16(weights='imagenet', include_top=False, input_shape=(128, 128, 3))
vgg.trainable = False
out = Dense(5, activation='softmax')(Dropout(0.5)(GlobalAveragePooling2D()(vgg.output)))
model = Model(vgg.input, out)
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, Y_train, epochs=10, batch_size=32, validation_data=(X_valid, Y_valid))
