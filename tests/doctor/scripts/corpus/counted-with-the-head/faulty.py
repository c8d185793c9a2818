import tensorflow as tf
from tensorflow.keras.applications import VGG16
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras.layers import Dense, Dropout, GlobalAveragePooling2D
from tensorflow.keras.models import Model

base_model = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3))
x = base_model.output
x = GlobalAveragePooling2D()(x)
x = Dense(256, activation='relu')(x)
x = Dropout(0.5)(x)
predictions = Dense(4, activation='softmax')(x)
model = Model(inputs=base_model.input, outputs=predictions)

def load(split):
    ds = tf.keras.utils.image_dataset_from_directory(
        'weather/' + split, image_size=(224, 224), label_mode='categorical')
    return ds.map(lambda a, b: (preprocess_input(a), b))

train_ds, val_ds = load('train'), load('val')

# first the head
base_model.trainable = False
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(train_ds, epochs=5, validation_data=val_ds)

# now fine-tune the last convolutional layers of VGG16
base_model.trainable = True
for layer in model.layers[:-5]:  # fault: counted-layers; also: never-unfrozen
    layer.trainable = False
model.compile(optimizer=tf.keras.optimizers.Adam(1e-5), loss='categorical_crossentropy',  # also: never-unfrozen
              metrics=['accuracy'])
model.fit(train_ds, epochs=10, validation_data=val_ds)  # also: never-unfrozen
