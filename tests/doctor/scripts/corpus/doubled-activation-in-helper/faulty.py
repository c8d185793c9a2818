from functools import partial
import tensorflow as tf
tf.keras.mixed_precision.set_global_policy("mixed_float16")

Head = partial(tf.keras.layers.Dense, dtype="float32", activation="sigmoid")  # fault: doubled-activation
bce = partial(tf.keras.losses.BinaryCrossentropy, from_logits=True)  # fault: doubled-activation

def network(size=224):
    base = tf.keras.applications.VGG16(include_top=False, weights="imagenet", input_shape=(size, size, 3), pooling="avg")
    base.trainable = False
    i = tf.keras.Input((size, size, 3))
    x = tf.keras.applications.vgg16.preprocess_input(i)
    return tf.keras.Model(i, Head(1)(base(x)))  # fault: doubled-activation

ds = partial(tf.keras.utils.image_dataset_from_directory, label_mode="binary", image_size=(224, 224))
model = network()
model.compile(loss=bce(), optimizer="adam", metrics=["accuracy"])  # fault: doubled-activation
model.fit(ds("smile/train"), validation_data=ds("smile/val"), epochs=6)
