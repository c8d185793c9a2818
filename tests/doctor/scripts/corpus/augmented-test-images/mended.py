import numpy as np
from keras.preprocessing.image import ImageDataGenerator  # also: removed-api
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model

IM_SIZE = (224, 224)
BATCH_SIZE = 16

def create_model(n_classes):
    vgg = VGG16(weights='imagenet', include_top=False, input_shape=IM_SIZE + (3,))
    for layer in vgg.layers:
        layer.trainable = False
    out = GlobalAveragePooling2D()(vgg.output)
    out = Dense(n_classes, activation='softmax')(out)
    m = Model(vgg.input, out)
    m.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return m

train_gen = ImageDataGenerator(preprocessing_function=preprocess_input, rotation_range=90, brightness_range=[0.1, 0.7])
val_gen = ImageDataGenerator(preprocessing_function=preprocess_input)
test_gen = ImageDataGenerator(preprocessing_function=preprocess_input)

train = train_gen.flow_from_directory('food/train', target_size=IM_SIZE, batch_size=BATCH_SIZE, class_mode='categorical')
val = val_gen.flow_from_directory('food/val', target_size=IM_SIZE, batch_size=BATCH_SIZE, class_mode='categorical')
test = test_gen.flow_from_directory('food/test', target_size=IM_SIZE, batch_size=1, class_mode='categorical', shuffle=False)

model = create_model(3)
model.fit(train, epochs=20, validation_data=val)
print(model.evaluate(test))
