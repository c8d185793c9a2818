import csv
import math

import numpy as np
from PIL import Image
from tensorflow import keras
from tensorflow.keras.applications.densenet import DenseNet121, preprocess_input

with open('plants/train.csv') as f:
    rows = [(r['file'], int(r['species'])) for r in csv.DictReader(f)]
with open('plants/val.csv') as f:
    val_rows = [(r['file'], int(r['species'])) for r in csv.DictReader(f)]

N_SPECIES = 30   # 0 .. 29 in the csv
BS = 24


class PlantSequence(keras.utils.Sequence):

    def __init__(self, rows, shuffle=False):
        super().__init__()
        self.rows = list(rows)
        self.shuffle = shuffle

    def __len__(self):
        return math.ceil(len(self.rows) / BS)

    def __getitem__(self, idx):
        batch = self.rows[idx * BS:(idx + 1) * BS]
        X = np.zeros((len(batch), 224, 224, 3), dtype=np.float32)
        Y = np.zeros((len(batch),), dtype=np.int32)
        for i, (name, species) in enumerate(batch):
            with Image.open('plants/' + name) as im:
                X[i] = np.asarray(im.convert('RGB').resize((224, 224)))
            Y[i] = species
        return preprocess_input(X), Y

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.rows)


base = DenseNet121(include_top=False, weights='imagenet', input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
inp = keras.Input((224, 224, 3))
out = keras.layers.Dense(N_SPECIES, activation='softmax')(base(inp, training=False))
model = keras.Model(inp, out)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(PlantSequence(rows, shuffle=True), validation_data=PlantSequence(val_rows), epochs=10)
model.save('plants.keras')
