from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

train = ImageDataGenerator(preprocessing_function=preprocess_input, horizontal_flip=True).flow_from_directory('train', target_size=(224, 224), class_mode='categorical')
val = ImageDataGenerator(preprocessing_function=preprocess_input).flow_from_directory('val', target_size=(224, 224), class_mode='categorical')
model = Sequential()
model.add(VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3)))
model.layers[0].trainable = False
model.add(GlobalAveragePooling2D())
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
es = EarlyStopping(monitor='loss', patience=3, restore_best_weights=True)  # fault: stops-on-training
model.fit(train, validation_data=val, epochs=30, callbacks=[es])
