from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Dropout, Flatten, GlobalAveragePooling2D
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api
from tensorflow.keras.optimizers import Adam

vgg = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
model = Sequential()
for layer in vgg.layers:
    model.add(layer)
model.add(GlobalAveragePooling2D())
model.add(Dense(128, activation='relu'))
model.add(Dropout(0.5))
model.add(Dense(2, activation='softmax'))

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train = gen.flow_from_directory('cats_dogs/train', target_size=(224, 224), class_mode='categorical')
val = gen.flow_from_directory('cats_dogs/val', target_size=(224, 224), class_mode='categorical')

for layer in vgg.layers:
    layer.trainable = False
model.compile(Adam(1e-3), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=5, validation_data=val)

# Fine-tune the last convolutional block: its last 4 layers
for layer in model.layers[-4:]:  # fault: counted-layers; also: never-unfrozen
    layer.trainable = True
model.compile(Adam(1e-5), loss='categorical_crossentropy', metrics=['accuracy'])  # also: never-unfrozen
model.fit(train, epochs=10, validation_data=val)  # also: never-unfrozen
