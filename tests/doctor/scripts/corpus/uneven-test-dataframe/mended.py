import pandas as pd
import numpy as np
from tensorflow import keras
from tensorflow.keras.applications import xception
from tensorflow.keras.preprocessing.image import ImageDataGenerator as IDG  # also: removed-api

df = pd.read_csv("labels.csv")
train_df, val_df = df[df.fold != 0], df[df.fold == 0]
common = dict(directory="images", x_col="file", y_col="label", target_size=(299, 299), batch_size=16)

train = IDG(preprocessing_function=xception.preprocess_input, horizontal_flip=True).flow_from_dataframe(train_df, class_mode="categorical", **common)
val = IDG(preprocessing_function=xception.preprocess_input).flow_from_dataframe(val_df, class_mode="categorical", shuffle=False, **common)
test = IDG(preprocessing_function=xception.preprocess_input).flow_from_dataframe(pd.read_csv("test.csv"), class_mode=None, shuffle=False, **{**common, "y_col": None})

base = xception.Xception(include_top=False, pooling="avg", input_shape=(299, 299, 3))
base.trainable = False
model = keras.Sequential([base, keras.layers.Dropout(0.3), keras.layers.Dense(train_df.label.nunique(), activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=5)
preds = model.predict(test)
pd.DataFrame({"file": test.filenames, "label": np.argmax(preds, axis=1)}).to_csv("submission.csv", index=False)
