# Why does my model always predict the same class for new images?
# Validation accuracy is 0.93 but the script at the end always prints "with_mask".
import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing import image
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

train_gen = ImageDataGenerator(rescale=1./255, horizontal_flip=True, zoom_range=0.2)
val_gen = ImageDataGenerator(rescale=1./255)

train = train_gen.flow_from_directory('masks/train', target_size=(150, 150), batch_size=20, class_mode='binary')
val = val_gen.flow_from_directory('masks/val', target_size=(150, 150), batch_size=20, class_mode='binary')

model = tf.keras.models.Sequential([
    tf.keras.layers.Input((150, 150, 3)),
    tf.keras.layers.Conv2D(16, 3, activation='relu'),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Conv2D(32, 3, activation='relu'),
    tf.keras.layers.MaxPooling2D(),
    tf.keras.layers.Conv2D(64, 3, activation='relu'),
    tf.keras.layers.GlobalAveragePooling2D(),
    tf.keras.layers.Dense(64, activation='relu'),
    tf.keras.layers.Dense(1, activation='sigmoid'),
])
model.compile(loss='binary_crossentropy', optimizer=tf.keras.optimizers.RMSprop(learning_rate=1e-3), metrics=['accuracy'])
model.fit(train, epochs=20, validation_data=val)
model.save('mask.keras')

classes = {v: k for k, v in train.class_indices.items()}
img = image.load_img('me.jpg', target_size=(150, 150))
x = image.img_to_array(img)
x = x / 255.
x = np.expand_dims(x, axis=0)
p = model.predict(x)[0, 0]
print(p, classes[int(p > 0.5)])
