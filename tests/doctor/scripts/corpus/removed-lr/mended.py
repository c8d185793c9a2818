import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.optimizers import RMSprop

train = tf.keras.utils.image_dataset_from_directory('train', image_size=(224, 224), label_mode='binary')
val = tf.keras.utils.image_dataset_from_directory('val', image_size=(224, 224), label_mode='binary')
f = lambda x, y: (preprocess_input(x), y)

base = VGG16(include_top=False, input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(1, activation='sigmoid')])
model.compile(optimizer=RMSprop(learning_rate=1e-3), loss='binary_crossentropy', metrics=['accuracy'])
model.fit(train.map(f), validation_data=val.map(f), epochs=10)
