from keras.applications.vgg16 import VGG16, preprocess_input
from keras.callbacks import *
from keras.layers import Dense
from keras.models import Sequential
from keras.utils import image_dataset_from_directory

to_vgg = lambda x, y: (preprocess_input(x), y)
train, val = image_dataset_from_directory('nuts', validation_split=0.2, subset='both', seed=6, image_size=(224, 224))
model = Sequential([VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg'), Dense(8, activation='softmax')])
model.layers[0].trainable = False
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
kinds = {'stop': EarlyStopping, 'lower': ReduceLROnPlateau}
settings = {'stop': {'patience': 6, 'restore_best_weights': True}, 'lower': {'patience': 2}}
callbacks = [make(monitor='loss', **settings[k]) for k, make in kinds.items()]  # fault: stops-on-training
model.fit(train.map(to_vgg), validation_data=val.map(to_vgg), epochs=40, callbacks=callbacks)  # fault: stops-on-training
