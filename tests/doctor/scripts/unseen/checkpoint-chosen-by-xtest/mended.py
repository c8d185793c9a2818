import glob
import numpy as np
from PIL import Image
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from tensorflow.keras import callbacks, layers, models, optimizers
from tensorflow.keras.applications.resnet50 import ResNet50, preprocess_input

xs, ys = [], []
for k, kind in enumerate(['ripe', 'unripe', 'rotten']):
    for file in sorted(glob.glob(f'tomatoes/{kind}/*')):
        with Image.open(file) as im:
            xs.append(np.array(im.convert('RGB').resize((224, 224)), 'float32'))
        ys.append(k)
X, Y = preprocess_input(np.array(xs)), np.array(ys)

X_train, X_test, Y_train, Y_test = train_test_split(X, Y, test_size=0.2, random_state=8, stratify=Y)
X_train, X_val, Y_train, Y_val = train_test_split(X_train, Y_train, test_size=0.2, random_state=8, stratify=Y_train)

res = ResNet50(weights='imagenet', include_top=False, pooling='avg', input_shape=(224, 224, 3))
res.trainable = False
net = models.Sequential()
net.add(res)
net.add(layers.Dropout(0.25))
net.add(layers.Dense(3, activation='softmax'))
net.compile(optimizers.Adam(learning_rate=0.001), loss='sparse_categorical_crossentropy', metrics=['accuracy'])

keep = callbacks.ModelCheckpoint('best.keras', monitor='val_accuracy', save_best_only=True)
plateau = callbacks.ReduceLROnPlateau(monitor='val_loss', factor=0.3, patience=3)
net.fit(X_train, Y_train,
        epochs=30, batch_size=32,
        validation_data=(X_val, Y_val),
        callbacks=[keep, plateau])

best = models.load_model('best.keras')
guess = best.predict(X_test).argmax(1)
print('accuracy on unseen tomatoes:', accuracy_score(Y_test, guess))
