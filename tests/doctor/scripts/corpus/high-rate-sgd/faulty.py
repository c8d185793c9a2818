from keras.applications.vgg16 import VGG16, preprocess_input
from keras.models import Model
from keras.layers import Dense, GlobalAveragePooling2D
from keras.optimizers import SGD
from keras.utils import image_dataset_from_directory as from_dir

RATE, MOMENTUM = .1, .9  # fault: high-rate

base = VGG16(weights='imagenet', include_top=False)
model = Model(base.input, Dense(3, activation='softmax')(GlobalAveragePooling2D()(base.output)))
train, valid = [from_dir(f'scene/{p}', label_mode='categorical', image_size=(150, 150)).map(lambda x, y: (preprocess_input(x), y)) for p in ('train', 'val')]

# head first
base.trainable = False
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(train, validation_data=valid, epochs=3)

# we train the top conv block: freeze the first 15 layers and unfreeze the rest
base.trainable = True
for layer in model.layers[:15]:
   layer.trainable = False
for layer in model.layers[15:]:
   layer.trainable = True
model.compile(optimizer=SGD(RATE, MOMENTUM), loss='categorical_crossentropy', metrics=['accuracy'])  # fault: high-rate
model.fit(train, validation_data=valid, epochs=10)
