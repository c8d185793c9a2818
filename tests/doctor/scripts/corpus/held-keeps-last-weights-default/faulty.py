from keras.applications.vgg16 import VGG16, preprocess_input
from keras.callbacks import EarlyStopping, TensorBoard
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator  # also: removed-api

g = ImageDataGenerator(preprocessing_function=preprocess_input)
tr = g.flow_from_directory('train', target_size=(224, 224), class_mode='categorical')
va = g.flow_from_directory('val', target_size=(224, 224), class_mode='categorical')
m = Sequential([VGG16(include_top=False, input_shape=(224, 224, 3)), GlobalAveragePooling2D(), Dense(5, activation='softmax')])
m.layers[0].trainable = False
m.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
m.fit(tr, validation_data=va, epochs=100, callbacks=[TensorBoard('logs'), EarlyStopping('val_accuracy', patience=7)])  # fault: keeps-last-weights
