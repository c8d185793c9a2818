from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import GlobalAveragePooling2D, Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

datagen = ImageDataGenerator(preprocessing_function=preprocess_input, rotation_range=30,
                             horizontal_flip=True, validation_split=0.2)
plain = ImageDataGenerator(preprocessing_function=preprocess_input, validation_split=0.2)
train_gen = datagen.flow_from_directory('PetImages', target_size=(224, 224), class_mode='binary', subset='training', seed=1)
val_gen = plain.flow_from_directory('PetImages', target_size=(224, 224), class_mode='binary', subset='validation', seed=1)

base = VGG16(include_top=False, input_shape=(224, 224, 3))
base.trainable = False
model = Sequential([base, GlobalAveragePooling2D(), Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(train_gen, validation_data=val_gen, epochs=5)
