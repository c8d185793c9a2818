from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras import Sequential, optimizers
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train_it = gen.flow_from_directory('train/', class_mode='categorical', batch_size=32, target_size=(224, 224))
val_it = gen.flow_from_directory('val/', class_mode='categorical', batch_size=32, target_size=(224, 224))

base = VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3))
base.trainable = False
model = Sequential([base, GlobalAveragePooling2D(), Dense(7, activation='softmax')])
model.compile(optimizer=optimizers.Adam(learning_rate=1e-3), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_it, validation_data=val_it, epochs=10)
