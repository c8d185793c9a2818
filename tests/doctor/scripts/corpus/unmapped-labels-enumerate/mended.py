from glob import glob
import numpy as np
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense
from keras.models import Sequential
from keras.preprocessing.image import load_img, img_to_array
from keras.utils import to_categorical
from sklearn.model_selection import train_test_split

classes = ['airplane', 'car', 'ship', 'truck']
number = {c: i for i, c in enumerate(classes)}
files = [(f, number[c]) for c in classes for f in glob(f'vehicles/{c}/*.jpg')]
X = np.stack([preprocess_input(img_to_array(load_img(f, target_size=(128, 128)))) for f, _ in files])
Y = to_categorical([n for _, n in files])
Xt, Xv, Yt, Yv = train_test_split(X, Y, test_size=.25, random_state=1)

model = Sequential([VGG16(include_top=False, input_shape=(128, 128, 3), pooling='avg'), Dense(4, activation='softmax')])
model.layers[0].trainable = False
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(Xt, Yt, validation_data=(Xv, Yv), epochs=12)
