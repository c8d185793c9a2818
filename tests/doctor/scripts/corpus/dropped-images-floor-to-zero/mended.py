from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

nb_train_samples = 1200
nb_validation_samples = 60
batch_size = 100
epochs = 10

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train = gen.flow_from_directory('data/train', target_size=(150, 150), batch_size=batch_size, class_mode='binary')
val = gen.flow_from_directory('data/validation', target_size=(150, 150), batch_size=batch_size, class_mode='binary')

base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
base.trainable = False
model = Model(base.input, Dense(1, activation='sigmoid')(GlobalAveragePooling2D()(base.output)))
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(train, steps_per_epoch=nb_train_samples // batch_size, epochs=epochs, validation_data=val, validation_steps=1)
