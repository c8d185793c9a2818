import tensorflow as tf
from tensorflow.keras.callbacks import ModelCheckpoint
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(10, activation='softmax')])
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
read = lambda p: tf.keras.utils.image_dataset_from_directory(p, image_size=(224, 224)).map(lambda x, y: (preprocess_input(x), y))
ck = ModelCheckpoint('weights.{epoch:02d}.hdf5', monitor='val_loss', save_best_only=True, period=1)  # fault: removed-api
model.fit(read('monkeys/training'), validation_data=read('monkeys/validation'), epochs=5, callbacks=[ck])
