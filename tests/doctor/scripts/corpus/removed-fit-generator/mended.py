from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model
from keras.preprocessing.image import ImageDataGenerator  # also: removed-api

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train = gen.flow_from_directory('data/train', target_size=(224, 224), batch_size=32, class_mode='categorical')
val = gen.flow_from_directory('data/val', target_size=(224, 224), batch_size=32, class_mode='categorical')

base = VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3))
for layer in base.layers:
    layer.trainable = False
model = Model(inputs=base.input, outputs=Dense(4, activation='softmax')(GlobalAveragePooling2D()(base.output)))
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=10, validation_data=val)
