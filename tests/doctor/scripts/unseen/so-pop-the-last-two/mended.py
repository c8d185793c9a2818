# I want to replace the last layers of VGG16 but model.summary() still shows "predictions"
import numpy as np
from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Model

NUM_CLASSES = 6

X = np.load('x_train.npy')           # (1800, 224, 224, 3), uint8
y = np.load('y_train.npy')           # one hot, (1800, 6)
X = preprocess_input(X.astype('float32'))

vgg16 = VGG16(weights='imagenet', include_top=True)

last = vgg16.get_layer('fc1').output

x = Dropout(0.5)(last)
x = Dense(NUM_CLASSES, activation='softmax', name='new_predictions')(x)
model = Model(inputs=vgg16.input, outputs=x)

for layer in vgg16.layers:
    layer.trainable = False

model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
model.summary()
model.fit(X, y, batch_size=32, epochs=10, validation_split=0.1)
