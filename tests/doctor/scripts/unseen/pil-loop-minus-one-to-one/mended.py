import os
import numpy as np
from PIL import Image
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelBinarizer
from tensorflow.keras.applications.vgg19 import VGG19, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Model

DIR = 'garbage_classification'
data, labels = [], []
for category in os.listdir(DIR):
    folder = os.path.join(DIR, category)
    for fn in os.listdir(folder):
        try:
            im = Image.open(os.path.join(folder, fn)).convert('RGB')
        except OSError:
            print('bad file', fn)
            continue
        im = im.resize((128, 128), Image.BILINEAR)
        data.append(np.array(im))
        labels.append(category)

X = np.array(data, dtype='float32')
X = preprocess_input(X)
lb = LabelBinarizer()
Y = lb.fit_transform(labels)

X_tr, X_va, Y_tr, Y_va = train_test_split(X, Y, test_size=.2, random_state=1, stratify=labels)
print(X_tr.shape, X_va.shape, X_tr.min(), X_tr.max())

vgg = VGG19(weights='imagenet', include_top=False, input_shape=(128, 128, 3), pooling='avg')
for layer in vgg.layers:
    layer.trainable = False

x = Dense(256, activation='relu')(vgg.output)
x = Dropout(.5)(x)
out = Dense(len(lb.classes_), activation='softmax')(x)
model = Model(vgg.input, out)
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

es = EarlyStopping(monitor='val_loss', patience=4, restore_best_weights=True)
model.fit(X_tr, Y_tr, validation_data=(X_va, Y_va), epochs=40, batch_size=64, callbacks=[es])
model.save('garbage.keras')
