from pathlib import Path
from tensorflow import keras
from tensorflow.keras.applications import vgg16
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

root = Path("intel")
opts = {"target_size": (150, 150), "class_mode": "categorical"}
gen = ImageDataGenerator(preprocessing_function=vgg16.preprocess_input, validation_split=0.15)
train_set = gen.flow_from_directory(root / "seg_train", subset="training", **opts)
val_set = gen.flow_from_directory(root / "seg_train", subset="validation", **opts)
test_set = gen.flow_from_directory(root / "seg_test", shuffle=False, **opts)

base = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(150, 150, 3))
base.trainable = False
model = keras.Sequential([base, keras.layers.Dense(6, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
args = (train_set,)
kwargs = dict(epochs=25, callbacks=[keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)])
kwargs["validation_data"] = val_set
model.fit(*args, **kwargs)
_, accuracy = model.evaluate(test_set)
print("accuracy on unseen images", accuracy)
