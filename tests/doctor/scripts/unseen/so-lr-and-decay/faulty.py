# ValueError when I run this old script of a colleague, what should I change?
import numpy as np
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, Dropout, GlobalAveragePooling2D
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

gen = ImageDataGenerator(preprocessing_function=preprocess_input)
train = gen.flow_from_directory('dataset/train', (224, 224), batch_size=32)
valid = gen.flow_from_directory('dataset/valid', (224, 224), batch_size=32)

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
x = GlobalAveragePooling2D()(base.output)
x = Dense(512, activation='relu')(x)
x = Dropout(0.5)(x)
pred = Dense(train.num_classes, activation='softmax')(x)
model = Model(inputs=base.input, outputs=pred)

for i, layer in enumerate(base.layers):
    print(i, layer.name)
    layer.trainable = i >= 15

sgd = SGD(lr=1e-4, momentum=0.9, nesterov=True)  # fault: removed-api
model.compile(optimizer=sgd, loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train, validation_data=valid, epochs=20)
model.save('colleague.keras')
