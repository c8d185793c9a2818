import keras
from keras.applications import vgg16
from keras.callbacks import EarlyStopping, ModelCheckpoint

read = keras.utils.image_dataset_from_directory
sets = dict(zip(("train", "val", "test"), (read(f"satellite/{s}", image_size=(224, 224), shuffle=s == "train") for s in ("train", "val", "test"))))

i = keras.Input((224, 224, 3))
base = vgg16.VGG16(include_top=False, weights="imagenet", pooling="avg")
base.trainable = False
o = keras.layers.Dense(10, activation="softmax")(base(vgg16.preprocess_input(i)))
model = keras.Model(i, o)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])

cb = []
cb += [EarlyStopping("val_loss", patience=4)]  # fault: keeps-last-weights
model.fit(sets["train"], validation_data=sets["val"], epochs=40, callbacks=[*cb])  # fault: keeps-last-weights
print(dict(zip(model.metrics_names, model.evaluate(sets["test"]))))
