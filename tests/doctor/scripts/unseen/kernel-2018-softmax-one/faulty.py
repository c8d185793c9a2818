# Invasive species / Keras starter (fork)
import os
import cv2
import numpy as np
import pandas as pd
from tqdm import tqdm
from sklearn.model_selection import train_test_split
from keras.models import Sequential
from keras.layers import Dense, Dropout, Conv2D, MaxPooling2D, Flatten
from keras.callbacks import EarlyStopping, ModelCheckpoint

print(os.listdir("../input"))
df_train = pd.read_csv('../input/train_labels.csv')
df_test = pd.read_csv('../input/sample_submission.csv')

x, y = [], []
for name, invasive in tqdm(df_train.values):
    img = cv2.imread('../input/train/{}.jpg'.format(name))
    x.append(cv2.resize(img, (96, 96)))
    y.append(invasive)
x = np.array(x, np.float32) / 255.
y = np.array(y, np.uint8)
X_train, X_valid, Y_train, Y_valid = train_test_split(x, y, test_size=0.2, random_state=2018)

model = Sequential()
model.add(Conv2D(32, (3, 3), activation='relu', input_shape=(96, 96, 3)))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(64, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(128, (3, 3), activation='relu'))
model.add(MaxPooling2D((2, 2)))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(1, activation='softmax'))  # fault: lone-softmax
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])

callbacks = [EarlyStopping(monitor='val_loss', patience=5, verbose=1),
             ModelCheckpoint('best.h5', monitor='val_loss', save_best_only=True)]
model.fit(X_train, Y_train, batch_size=32, epochs=50, verbose=2,
          validation_data=(X_valid, Y_valid), callbacks=callbacks)
model.load_weights('best.h5')

x_test = [cv2.resize(cv2.imread('../input/test/{}.jpg'.format(n)), (96, 96)) for n in df_test['name'].values]
x_test = np.array(x_test, np.float32) / 255.
df_test['invasive'] = model.predict(x_test, batch_size=64)[:, 0]
df_test.to_csv('submit.csv', index=False)
