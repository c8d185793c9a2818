import keras
from keras.layers import Dense, GlobalAveragePooling2D, Rescaling

*layers_below, = [Rescaling(1. / 127.5, offset=-1.), keras.applications.Xception(include_top=False, input_shape=(299, 299, 3)), GlobalAveragePooling2D()]
layers_below[1].trainable = False
model = keras.Sequential([keras.Input((299, 299, 3)), *layers_below, Dense(1)])

train, val = keras.utils.image_dataset_from_directory("pets2", label_mode="binary", image_size=(299, 299), validation_split=.2, subset="both", seed=0)
model.compile("adam", loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.BinaryAccuracy(threshold=0)])
model.fit(train, validation_data=val, epochs=4)
