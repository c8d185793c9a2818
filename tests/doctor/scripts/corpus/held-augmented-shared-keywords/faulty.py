from tensorflow import keras
from tensorflow.keras.preprocessing import image as kimage  # also: removed-api
from tensorflow.keras.applications import vgg16

shared = dict(preprocessing_function=vgg16.preprocess_input)
moves = dict(rotation_range=15, width_shift_range=.1, horizontal_flip=True)
train_idg = kimage.ImageDataGenerator(**shared, **moves)  # also: removed-api
valid_idg = kimage.ImageDataGenerator(**{**shared, **moves})  # fault: augmented-validation
a = train_idg.flow_from_directory("knots/train", target_size=(224, 224))
b = valid_idg.flow_from_directory("knots/valid", target_size=(224, 224))  # fault: augmented-validation
base = vgg16.VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
base.trainable = False
model = keras.Sequential([base, keras.layers.Dense(10, activation="softmax")])
model.compile("adam", loss="categorical_crossentropy", metrics=["accuracy"])
model.fit(a, validation_data=b, epochs=4)  # fault: augmented-validation
