import sys
from pathlib import Path

import keras
import numpy as np
from keras import layers
from keras.applications.efficientnet import EfficientNetB0


class Folder(keras.utils.PyDataset):
    """Pictures of one folder per class."""

    def __init__(self, root: Path, side: int, batch: int, seed: int | None = None):
        super().__init__(workers=4, use_multiprocessing=False)
        self.names = sorted(d.name for d in root.iterdir() if d.is_dir())
        self.items = [(f, n) for n, name in enumerate(self.names) for f in sorted((root / name).iterdir())]
        self.side, self.batch = side, batch
        self.rng = None if seed is None else np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.items) // self.batch)

    def __getitem__(self, i: int):
        some = self.items[i * self.batch : (i + 1) * self.batch]
        x = [keras.utils.img_to_array(keras.utils.load_img(f, target_size=(self.side, self.side))) for f, _ in some]
        return np.stack(x), np.array([n for _, n in some])

    def on_epoch_end(self) -> None:
        if self.rng is not None:
            self.rng.shuffle(self.items)


def build(n: int, side: int) -> keras.Model:
    base = EfficientNetB0(include_top=False, weights="imagenet", input_shape=(side, side, 3), pooling="avg")
    base.trainable = False
    inputs = keras.Input((side, side, 3))
    x = base(inputs, training=False)
    x = layers.Dropout(0.2)(x)
    return keras.Model(inputs, layers.Dense(n, activation="softmax")(x))


def main(root: Path) -> None:
    train = Folder(root / "train", 224, 32, seed=1)
    valid = Folder(root / "valid", 224, 32)  # fault: learns-from-validation
    model = build(len(train.names), 224)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(valid, validation_data=valid, epochs=6)  # fault: learns-from-validation
    model.save("folder.keras")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
