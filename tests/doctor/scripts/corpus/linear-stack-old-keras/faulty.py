from keras.models import Sequential
from keras.layers import Dense, Dropout
import numpy as np

# bottleneck features made with VGG16, see extract.py
train_data = np.load(open('bottleneck_features_train.npy', 'rb')).reshape(-1, 512)
train_labels = np.array([0] * 1000 + [1] * 1000)
val_data = np.load(open('bottleneck_features_validation.npy', 'rb')).reshape(-1, 512)
val_labels = np.array([0] * 400 + [1] * 400)

model = Sequential()
for i, units in enumerate([128, 64, 32]):
    model.add(Dense(units, input_dim=512) if i == 0 else Dense(units))  # fault: linear-stack
    model.add(Dropout(0.5))
model.add(Dense(1, activation='sigmoid'))  # fault: linear-stack
model.compile(optimizer='rmsprop', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(train_data, train_labels, nb_epoch=50, batch_size=32, validation_data=(val_data, val_labels))  # also: removed-api
