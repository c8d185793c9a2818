from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

datagen = ImageDataGenerator(preprocessing_function=preprocess_input)
train_it = datagen.flow_from_directory('dataset/train/', class_mode='categorical', batch_size=64, target_size=(224, 224))
val_it = datagen.flow_from_directory('dataset/val/', class_mode='categorical', batch_size=64, target_size=(224, 224))

vgg = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
vgg.trainable = False
x = GlobalAveragePooling2D()(vgg.output)
output = Dense(train_it.num_classes, activation='softmax')(x)
model = Model(vgg.input, output)
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_it, validation_data=val_it, epochs=10)
