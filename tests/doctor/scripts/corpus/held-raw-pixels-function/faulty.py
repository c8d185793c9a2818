import tensorflow as tf

def parse(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.resize(image, (224, 224))
    return image, label  # fault: missing-preprocessing

paths = tf.io.gfile.glob("art/*/*.jpg")
labels = [int("impressionism" in p) for p in paths]
ds = tf.data.Dataset.from_tensor_slices((paths, labels)).shuffle(len(paths), seed=3, reshuffle_each_iteration=False).map(parse)  # fault: missing-preprocessing
val, train = ds.take(200).batch(32), ds.skip(200).batch(32)

base = tf.keras.applications.ResNet50(include_top=False, weights="imagenet", pooling="avg")  # fault: missing-preprocessing
base.trainable = False
model = tf.keras.Sequential([tf.keras.Input((224, 224, 3)), base, tf.keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(train, validation_data=val, epochs=5)  # fault: missing-preprocessing
