import keras
from keras import layers as kl, losses, ops

img = keras.Input((224, 224, 3))
base = keras.applications.VGG16(include_top=False, pooling="avg")
base.trainable = False
logits = kl.Dense(3)(base(keras.applications.vgg16.preprocess_input(img)))
probabilities = ops.softmax(logits)
model = keras.Model(img, logits)
model.compile("adam", losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
d = [keras.utils.image_dataset_from_directory(f"cloth/{s}", label_mode="categorical", image_size=(224, 224)) for s in ("train", "val")]
model.fit(d[0], validation_data=d[1], epochs=3)
