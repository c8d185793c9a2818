import keras
from keras.applications.vgg16 import VGG16, preprocess_input

i = keras.Input((224, 224, 3))
base = VGG16(include_top=False, pooling="avg")
base.trainable = False
model = keras.Model(i, keras.layers.Dense(12, activation="softmax")(base(preprocess_input(i))))
acc = keras.metrics.BinaryAccuracy("acc")  # fault: misleading-metric
model.compile(loss=keras.losses.CategoricalCrossentropy(), optimizer="adam", metrics=[acc])  # fault: misleading-metric
tr, va = keras.utils.image_dataset_from_directory("zoo", label_mode="categorical", validation_split=0.1, subset="both", seed=1, image_size=(224, 224))
model.fit(tr, validation_data=va, epochs=5)
