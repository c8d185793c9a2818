from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, Dropout, Flatten, GlobalAveragePooling2D
from tensorflow.keras.models import Sequential
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train = gen.flow_from_directory('train', target_size=(224, 224), batch_size=20, class_mode='categorical')
val = gen.flow_from_directory('val', target_size=(224, 224), batch_size=20, class_mode='categorical')
# Found 1000 images belonging to 2 classes.

model = Sequential()
model.add(VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3)))
model.layers[0].trainable = False
model.add(GlobalAveragePooling2D())
model.add(Dense(64, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(2, activation='softmax'))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=20, validation_data=val)
