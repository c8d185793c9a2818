import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

train = tf.keras.utils.image_dataset_from_directory('train', image_size=(224, 224), label_mode='binary')
val = tf.keras.utils.image_dataset_from_directory('val', image_size=(224, 224), label_mode='binary')
train = train.map(lambda x, y: (preprocess_input(x), y))
val = val.map(lambda x, y: (preprocess_input(x), y))

base = VGG16(include_top=False, weights='imagenet', input_shape=(224, 224, 3))
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
early_stop = tf.keras.callbacks.EarlyStopping(monitor='val_loss', patience=20, restore_best_weights=True)  # fault: idle-patience
model.fit(train, validation_data=val, epochs=10, callbacks=[early_stop])  # fault: idle-patience
