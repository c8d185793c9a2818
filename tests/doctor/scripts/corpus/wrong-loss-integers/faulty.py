import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

LOSS = tf.keras.losses.CategoricalCrossentropy  # fault: wrong-loss

train, valid = map(
    lambda s: tf.keras.utils.image_dataset_from_directory(  # fault: wrong-loss
        "fruits", image_size=(224, 224), validation_split=0.3, subset=s, seed=3),  # fault: wrong-loss
    ("training", "validation"),
)
to_vgg = lambda x, y: (preprocess_input(x), y)
train, valid = train.map(to_vgg), valid.map(to_vgg)

base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling="avg")
base.trainable = not True
model = tf.keras.Sequential((base, tf.keras.layers.Dense(9, "softmax")))
model.compile(loss=LOSS(), optimizer="adam", metrics=["accuracy"])  # fault: wrong-loss
model.fit(train, validation_data=valid, epochs=7)  # fault: wrong-loss
