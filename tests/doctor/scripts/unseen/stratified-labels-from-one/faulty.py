import numpy as np
import pandas as pd
from PIL import Image
from sklearn.model_selection import StratifiedKFold
from tensorflow import keras
from tensorflow.keras.applications.mobilenet_v2 import MobileNetV2, preprocess_input

CODES = {'benign': 1, 'malignant': 2, 'normal': 3}  # fault: unmapped-labels or wrong-units

meta = pd.read_csv('busi/meta.csv')
X = np.stack([np.asarray(Image.open(f'busi/{f}').convert('RGB').resize((160, 160)), dtype=np.float32)
              for f in meta['file']])
X = preprocess_input(X)
y = meta['finding'].map(CODES).values  # fault: unmapped-labels or wrong-units


def new_model():
    base = MobileNetV2(include_top=False, weights='imagenet', input_shape=(160, 160, 3), pooling='avg')
    base.trainable = False
    inp = keras.Input((160, 160, 3))
    h = keras.layers.Dropout(0.3)(base(inp, training=False))
    out = keras.layers.Dense(3, activation='softmax')(h)  # fault: unmapped-labels or wrong-units
    model = keras.Model(inp, out)
    model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])  # fault: unmapped-labels or wrong-units
    return model


scores = []
skf = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
for fold, (tr, te) in enumerate(skf.split(X, y)):
    keras.backend.clear_session()
    model = new_model()
    model.fit(X[tr], y[tr], epochs=12, batch_size=32, verbose=2)  # fault: unmapped-labels or wrong-units
    _, acc = model.evaluate(X[te], y[te], verbose=0)
    print(f'fold {fold}: {acc:.3f}')
    scores.append(acc)

print(f'{np.mean(scores):.3f} +- {np.std(scores):.3f}')
