import tensorflow as tf
from tensorflow.keras import layers

IMG_SIZE = 224
train = tf.keras.utils.image_dataset_from_directory("cars/train", image_size=(IMG_SIZE, IMG_SIZE))
val = tf.keras.utils.image_dataset_from_directory("cars/val", image_size=(IMG_SIZE, IMG_SIZE))

inputs = layers.Input(shape=(IMG_SIZE, IMG_SIZE, 3))
base = tf.keras.applications.VGG16(include_top=False, weights="imagenet")
base.trainable = False
x = base(tf.keras.applications.vgg16.preprocess_input(inputs))
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(20, activation="softmax", name="pred")(x)
model = tf.keras.Model(inputs, outputs)
optimizer = tf.keras.optimizers.Adam(learning_rate=1e-3)
model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train, epochs=5, validation_data=val)

def unfreeze_model(model):
    base.trainable = True
    for layer in base.layers[:11]:
        layer.trainable = False
    optimizer = tf.keras.optimizers.Adam()  # fault: high-rate
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])  # fault: high-rate

unfreeze_model(model)
model.fit(train, epochs=10, validation_data=val)
