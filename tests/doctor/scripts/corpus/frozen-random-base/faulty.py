from keras.applications import VGG16
from keras.applications.vgg16 import preprocess_input
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Sequential
from keras.utils import image_dataset_from_directory

conv_base = VGG16(weights=None, include_top=False, input_shape=(150, 150, 3))
conv_base.trainable = False  # fault: frozen-noise

model = Sequential()
model.add(conv_base)
model.add(GlobalAveragePooling2D())
model.add(Dense(256, activation='relu'))
model.add(Dense(1, activation='sigmoid'))

def load(d):
    return image_dataset_from_directory(d, label_mode='binary', image_size=(150, 150), batch_size=20) \
        .map(lambda x, y: (preprocess_input(x), y))

model.compile(loss='binary_crossentropy', optimizer='rmsprop', metrics=['acc'])
model.fit(load('train'), epochs=30, validation_data=load('validation'))
