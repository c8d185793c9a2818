import pandas as pd
import tensorflow as tf
from sklearn.metrics import f1_score
from tensorflow.keras.applications import vgg16

df = pd.read_csv("wildlife/index.csv")  # path,label,split
species = sorted(df.label.unique())
df["target"] = df.label.apply(species.index)


def load(path, target):
    image = tf.io.decode_image(tf.io.read_file(path), channels=3, expand_animations=False)
    image = tf.image.resize(image, (224, 224))
    return vgg16.preprocess_input(image), target


def make_ds(part, batch=32):
    ds = tf.data.Dataset.from_tensor_slices((part.path.values, part.target.values))
    ds = ds.shuffle(2048)  # fault: shuffled-predictions
    return ds.map(load, tf.data.AUTOTUNE).batch(batch).prefetch(1)


train, val, test = (df[df.split == name] for name in ("train", "val", "test"))
train_ds, val_ds, test_ds = make_ds(train), make_ds(val), make_ds(test)  # fault: shuffled-predictions

body = vgg16.VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
body.trainable = False
model = tf.keras.Sequential([
    tf.keras.Input((224, 224, 3)),
    body,
    tf.keras.layers.Dropout(0.3),
    tf.keras.layers.Dense(len(species), activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train_ds, validation_data=val_ds, epochs=10)

print("test accuracy", model.evaluate(test_ds)[1])
predicted = model.predict(test_ds).argmax(axis=-1)  # fault: shuffled-predictions
print("macro f1", f1_score(test.target, predicted, average="macro"))  # fault: shuffled-predictions
wrong = test[test.target != predicted]
wrong.to_csv("wrong.csv", index=False)
