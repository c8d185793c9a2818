"""Weather and light of a photograph: any of six words may be true of it."""
import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split
from tensorflow.keras import layers, metrics, optimizers
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.preprocessing.image import ImageDataGenerator

WORDS = ["sunny", "cloudy", "rain", "snow", "night", "fog"]

table = pd.read_csv("weather.csv")
train_table, rest = train_test_split(table, test_size=0.3, random_state=2)
val_table, test_table = train_test_split(rest, test_size=0.5, random_state=2)


def flow(part, mix=False, **changes):
    generator = ImageDataGenerator(preprocessing_function=preprocess_input, **changes)
    return generator.flow_from_dataframe(
        part, directory="photos", x_col="file", y_col=WORDS, class_mode="raw",
        target_size=(224, 224), batch_size=32, shuffle=mix)


train = flow(train_table, mix=True, horizontal_flip=True)
val, test = flow(val_table), flow(test_table)

base = VGG16(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
base.trainable = False
x = layers.GlobalAveragePooling2D()(base.output)
x = layers.Dense(128, activation="relu")(x)
x = layers.Dropout(0.4)(x)
out = layers.Dense(len(WORDS), activation="sigmoid")(x)
model = tf.keras.Model(base.input, out)
model.compile(
    optimizer=optimizers.Adam(1e-3),
    loss="binary_crossentropy",
    metrics=["binary_accuracy", metrics.AUC(multi_label=True, num_labels=len(WORDS))],
)
stop = EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
model.fit(train, validation_data=val, epochs=25, callbacks=[stop])

print(model.evaluate(test, return_dict=True))
guess = pd.DataFrame(model.predict(test), columns=WORDS, index=test_table.index)
for word in WORDS:
    right = ((guess[word] > 0.5) == (test_table[word] > 0.5)).mean()
    print(f"{word:8} {right:.1%}")
