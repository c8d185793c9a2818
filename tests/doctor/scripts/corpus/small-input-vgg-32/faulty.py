from keras.applications.vgg16 import VGG16, preprocess_input
from keras.datasets import cifar10
from keras.layers import Dense, GlobalAveragePooling2D, Input, UpSampling2D
from keras.models import Model
from keras.utils import to_categorical

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
x_train, x_test = preprocess_input(x_train.astype('float32')), preprocess_input(x_test.astype('float32'))
y_train, y_test = to_categorical(y_train, 10), to_categorical(y_test, 10)

inp = Input((32, 32, 3))
base = VGG16(weights='imagenet', include_top=False, input_shape=(32, 32, 3))  # fault: small-input
base.trainable = False
x = base(inp)  # fault: small-input
x = GlobalAveragePooling2D()(x)
model = Model(inp, Dense(10, activation='softmax')(x))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train, epochs=10, batch_size=128, validation_split=0.1)
model.evaluate(x_test, y_test)
