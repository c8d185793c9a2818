"""Distillation: a small net learns from a trained VGG16's logits and from the labels."""
import keras
import tensorflow as tf
from keras import layers, losses, metrics

TEMPERATURE, SHARE = 4.0, 0.7

train, val = keras.utils.image_dataset_from_directory(
    "dogs", image_size=(160, 160), validation_split=0.2, subset="both", seed=3
)
names = train.class_names

# ends in a Dense without activation; has its own preprocessing layers
teacher = keras.models.load_model("vgg16_dogs_logits.keras")
teacher.trainable = False

pupil = keras.Sequential([keras.Input((160, 160, 3)), layers.Rescaling(1 / 255)], name="pupil")
for filters in (32, 64, 128, 256):
    pupil.add(layers.SeparableConv2D(filters, 3, padding="same", use_bias=False))
    pupil.add(layers.BatchNormalization())
    pupil.add(layers.ReLU())
    pupil.add(layers.MaxPooling2D())
pupil.add(layers.GlobalAveragePooling2D())
pupil.add(layers.Dense(len(names)))


class Distiller(keras.Model):
    def __init__(self, pupil, teacher):
        super().__init__()
        self.pupil, self.teacher = pupil, teacher
        self.hard = losses.SparseCategoricalCrossentropy(from_logits=True)
        self.soft = losses.KLDivergence()
        self.seen = metrics.SparseCategoricalAccuracy(name="accuracy")

    def call(self, x, training=False):
        return self.pupil(x, training=training)

    def train_step(self, data):
        x, y = data
        wise = self.teacher(x, training=False)
        with tf.GradientTape() as tape:
            own = self.pupil(x, training=True)
            soft = self.soft(tf.nn.softmax(wise / TEMPERATURE), tf.nn.softmax(own / TEMPERATURE))
            loss = (1 - SHARE) * self.hard(y, own) + SHARE * TEMPERATURE**2 * soft
        weights = self.pupil.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        self.seen.update_state(y, own)
        return {"loss": loss, "accuracy": self.seen.result()}

    def test_step(self, data):
        x, y = data
        own = self.pupil(x, training=False)
        self.seen.update_state(y, own)
        return {"loss": self.hard(y, own), "accuracy": self.seen.result()}

    @property
    def metrics(self):
        return [self.seen]


distiller = Distiller(pupil, teacher)
distiller.compile(optimizer=keras.optimizers.Adam(1e-3))
distiller.fit(train, validation_data=val, epochs=30)
pupil.save("pupil.keras")
