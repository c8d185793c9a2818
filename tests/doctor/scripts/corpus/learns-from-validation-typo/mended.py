from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

train_datagen = ImageDataGenerator(preprocessing_function=preprocess_input, horizontal_flip=True)
val_datagen = ImageDataGenerator(preprocessing_function=preprocess_input)
train_generator = train_datagen.flow_from_directory('data/train', target_size=(224, 224), class_mode='categorical')
val_generator = val_datagen.flow_from_directory('data/val', target_size=(224, 224), class_mode='categorical')

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
base.trainable = False
model = Sequential([base, GlobalAveragePooling2D(), Dense(3, activation='softmax')])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
history = model.fit(train_generator, epochs=10, validation_data=val_generator)
