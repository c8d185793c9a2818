# Transfer learning with VGG16 on 5 kinds of flowers
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.layers import Dense
from keras.models import Model
from keras.utils import image_dataset_from_directory

train_ds = image_dataset_from_directory('flowers/train', label_mode='categorical',
                                        image_size=(224, 224), batch_size=32)
val_ds = image_dataset_from_directory('flowers/val', label_mode='categorical',
                                      image_size=(224, 224), batch_size=32)
train_ds = train_ds.map(lambda x, y: (preprocess_input(x), y))
val_ds = val_ds.map(lambda x, y: (preprocess_input(x), y))

vgg = VGG16(weights='imagenet')
for layer in vgg.layers:
    layer.trainable = False

out = Dense(5, activation='softmax')(vgg.get_layer('fc2').output)
model = Model(vgg.input, out)
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_ds, validation_data=val_ds, epochs=10)
model.save('flowers.keras')
