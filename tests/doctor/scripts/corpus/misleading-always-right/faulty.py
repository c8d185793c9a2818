import tensorflow as tf
from tensorflow.keras.applications import vgg16
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

idg = ImageDataGenerator(preprocessing_function=vgg16.preprocess_input)
train_flow, val_flow = (idg.flow_from_directory(f"masks/{s}", target_size=(224, 224), class_mode="binary") for s in ("train", "val"))

METRICS = [
    tf.keras.metrics.CategoricalAccuracy(name="accuracy"),  # fault: misleading-metric
    tf.keras.metrics.AUC(name="auc"),
]
net = vgg16.VGG16(include_top=False, pooling="avg", input_shape=(224, 224, 3))
net.trainable = False
model = tf.keras.Sequential([net, tf.keras.layers.Dense(1, activation=tf.nn.sigmoid)])
model.compile(optimizer="adam", loss=tf.keras.losses.binary_crossentropy, metrics=METRICS)  # fault: misleading-metric
model.fit(train_flow, validation_data=val_flow, epochs=5)
