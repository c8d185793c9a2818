"""Cats and dogs by breed: read with PIL, one batch at a time."""

import math
import random
from pathlib import Path

import keras
import numpy as np
from PIL import Image

ROOT = Path("oxford_pets")
SIZE = (224, 224)
BREEDS: list[str] = sorted({p.stem.rsplit("_", 1)[0] for p in (ROOT / "images").glob("*.jpg")})
INDEX = {breed: number for number, breed in enumerate(BREEDS)}


class Pets(keras.utils.PyDataset):
    def __init__(self, files: list[Path], batch: int = 32, mix: bool = True, **kwargs) -> None:
        super().__init__(**kwargs)
        self.files, self.batch, self.mix = list(files), batch, mix
        self.on_epoch_end()

    def __len__(self) -> int:
        return math.ceil(len(self.files) / self.batch)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        some = self.files[number * self.batch : (number + 1) * self.batch]
        pixels = np.stack([self._read(file) for file in some])  # fault: missing-preprocessing
        labels = np.array([INDEX[file.stem.rsplit("_", 1)[0]] for file in some])
        return pixels, labels  # fault: missing-preprocessing

    def on_epoch_end(self) -> None:
        if self.mix:
            random.shuffle(self.files)

    @staticmethod
    def _read(file: Path) -> np.ndarray:
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB").resize(SIZE), dtype="float32")  # fault: missing-preprocessing


files = sorted((ROOT / "images").glob("*.jpg"))
random.Random(7).shuffle(files)
cut = int(0.8 * len(files))
train, valid = Pets(files[:cut]), Pets(files[cut:], mix=False)  # fault: missing-preprocessing

base = keras.applications.VGG16(include_top=False, weights="imagenet", input_shape=(*SIZE, 3), pooling="avg")  # fault: missing-preprocessing
base.trainable = False
model = keras.Sequential([base, keras.layers.Dropout(0.3), keras.layers.Dense(len(BREEDS), activation="softmax")])
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=valid, epochs=8)  # fault: missing-preprocessing
model.save("pets.keras")
