import tensorflow as tf
from tensorflow.keras.applications import vgg16
from tensorflow.keras import layers, models

IMG = 224

def truncated_vgg():
    net = vgg16.VGG16(weights="imagenet", include_top=True)
    for _ in range(3):
        net.layers.pop()  # fault: popped-layers
    net.trainable = False
    return models.Model(net.inputs, net.layers[-1].output)

def make(kind):
    ds = tf.keras.utils.image_dataset_from_directory(
        f"data/{kind}", image_size=(IMG, IMG), label_mode="int", batch_size=16)
    return ds.map(lambda x, y: (vgg16.preprocess_input(x), y)).prefetch(2)

base = truncated_vgg()
model = models.Sequential([base, layers.Dropout(0.5), layers.Dense(2, activation="softmax")])
model.compile(
    optimizer=tf.keras.optimizers.Adam(1e-4),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(make("train"), validation_data=make("valid"), epochs=5)
