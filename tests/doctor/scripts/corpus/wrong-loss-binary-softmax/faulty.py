from tensorflow import keras
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

datagen = ImageDataGenerator(preprocessing_function=keras.applications.vgg16.preprocess_input)
train = datagen.flow_from_directory('xray/train', classes=['normal', 'bacterial', 'viral'], target_size=(224, 224), class_mode='categorical')
val = datagen.flow_from_directory('xray/val', classes=['normal', 'bacterial', 'viral'], target_size=(224, 224), class_mode='categorical')

base = keras.applications.VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3))
base.trainable = False
model = keras.Sequential([
    base,
    keras.layers.GlobalAveragePooling2D(),
    keras.layers.Dense(128, activation='relu'),
    keras.layers.Dropout(0.3),
    keras.layers.Dense(3, activation='softmax'),
])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])  # fault: wrong-loss; also: misleading-metric
model.fit(train, epochs=10, validation_data=val)
