import keras
from keras import layers


class Net(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.base = keras.applications.VGG16(include_top=False, weights="imagenet", input_shape=(224, 224, 3))
        self.base.trainable = False
        self.pool = layers.GlobalAveragePooling2D()
        self.out = layers.Dense(classes, activation="softmax")

    def call(self, images):
        x = keras.applications.vgg16.preprocess_input(images)
        return self.out(self.pool(self.base(x)))


train = keras.utils.image_dataset_from_directory("art/train", label_mode="categorical", image_size=(224, 224))
val = keras.utils.image_dataset_from_directory("art/val", label_mode="categorical", image_size=(224, 224))
net = Net(6)
net.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
net.fit(train, validation_data=val, epochs=5)
