from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api
from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras import models, layers, optimizers

train_datagen = ImageDataGenerator(preprocessing_function=preprocess_input, zoom_range=0.2, horizontal_flip=True)
val_datagen = ImageDataGenerator(preprocessing_function=preprocess_input)
train_gen = train_datagen.flow_from_directory('data/train', target_size=(150, 150), batch_size=20, class_mode='binary')
val_gen = val_datagen.flow_from_directory('data/validation', target_size=(150, 150), batch_size=20, class_mode='binary')

conv_base = VGG16(weights='imagenet', include_top=False, input_shape=(150, 150, 3))
conv_base.trainable = False
model = models.Sequential()
model.add(conv_base)
model.add(layers.GlobalAveragePooling2D())
model.add(layers.Dense(256, activation='relu'))
model.add(layers.Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=optimizers.RMSprop(learning_rate=2e-4), metrics=['acc'])
history = model.fit(train_gen, epochs=30, validation_data=val_gen)
