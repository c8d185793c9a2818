# Adapted from the guide "Transfer learning & fine-tuning"
import keras
from keras import layers
from keras.applications.mobilenet_v2 import preprocess_input

image_size = (160, 160)
batch_size = 32

train_ds, validation_ds = keras.utils.image_dataset_from_directory(
    "flower_photos",
    validation_split=0.2,
    subset="both",
    seed=42,
    image_size=image_size,
    batch_size=batch_size,
    label_mode="categorical",
)
class_names = train_ds.class_names

# Standardize the data
train_ds = train_ds.prefetch(buffer_size=10)
validation_ds = validation_ds.prefetch(buffer_size=10)

data_augmentation = keras.Sequential(
    [layers.RandomFlip("horizontal"), layers.RandomRotation(0.1)]
)

base_model = keras.applications.MobileNetV2(
    weights="imagenet",
    input_shape=(160, 160, 3),
    include_top=False,
)
base_model.trainable = False

inputs = keras.Input(shape=(160, 160, 3))
x = data_augmentation(inputs)

# Pre-trained weights require that input be scaled
# from (0, 255) to a range of (-1., +1.)
scale_layer = keras.layers.Rescaling(scale=1 / 127.5, offset=-1)
x = scale_layer(x)

x = base_model(x, training=False)
x = keras.layers.GlobalAveragePooling2D()(x)
x = keras.layers.Dropout(0.2)(x)
outputs = keras.layers.Dense(len(class_names), activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.summary(show_trainable=True)

model.compile(
    optimizer=keras.optimizers.Adam(),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy()],
)
model.fit(train_ds, epochs=2, validation_data=validation_ds)
