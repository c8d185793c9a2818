from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

g = ImageDataGenerator(preprocessing_function=preprocess_input)
train = g.flow_from_directory('./train', target_size=(224, 224), batch_size=32, class_mode='binary')
valid = g.flow_from_directory('./valid', target_size=(224, 224), batch_size=32, class_mode='binary')

vgg16 = VGG16(input_shape=[224, 224, 3], weights='imagenet', include_top=False)
for layer in vgg16.layers:
    layer.trainable = False
x = GlobalAveragePooling2D()(vgg16.output)
prediction = Dense(1, activation='sigmoid')(x)
model = Model(inputs=vgg16.input, outputs=prediction)

model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
r = model.fit(train, validation_data=valid, epochs=5)
