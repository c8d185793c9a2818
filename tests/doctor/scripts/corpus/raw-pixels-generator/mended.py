from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras.layers import Dense, Dropout, GlobalAveragePooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

train_datagen = ImageDataGenerator(rotation_range=20, horizontal_flip=True, preprocessing_function=preprocess_input)
test_datagen = ImageDataGenerator(preprocessing_function=preprocess_input)

train_generator = train_datagen.flow_from_directory('train', target_size=(224, 224), batch_size=32, class_mode='binary')
validation_generator = test_datagen.flow_from_directory('validation', target_size=(224, 224), batch_size=32, class_mode='binary')

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base.trainable = False
model = Sequential([base, GlobalAveragePooling2D(), Dense(128, activation='relu'), Dropout(0.4), Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(train_generator, epochs=15, validation_data=validation_generator)
