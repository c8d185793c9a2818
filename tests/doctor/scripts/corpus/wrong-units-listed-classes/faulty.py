import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

CLASSES = "COVID Lung_Opacity Normal Viral_Pneumonia".split()
config = {"size": (224, 224), "lr": 1e-3, "bs": 32}
config |= {"n_classes": 3}

flow = lambda d: ImageDataGenerator(preprocessing_function=preprocess_input).flow_from_directory(
    d, target_size=config["size"], batch_size=config["bs"], classes=CLASSES, class_mode="categorical")  # fault: wrong-units
train, val = flow("radiography/train"), flow("radiography/val")

base = VGG16(include_top=False, pooling="avg", input_shape=config["size"] + (3,))
base.trainable = False
out = tf.keras.layers.Dense(config["n_classes"], activation="softmax")(base.output)  # fault: wrong-units
model = tf.keras.Model(base.input, out)
model.compile(tf.keras.optimizers.Adam(config["lr"]), "categorical_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=10)  # fault: wrong-units
