import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

def data(where):
    return (tf.keras.utils.image_dataset_from_directory(where, label_mode='categorical', image_size=(200, 200))
            .map(lambda x, y: (preprocess_input(x), y)))

base = VGG16(include_top=False, weights='imagenet', input_shape=(200, 200, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dense(12, activation='softmax')])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(data('seedlings/train'), validation_data=data('seedlings/val'), epochs=5)

# --- fine tuning ---
for i, l in enumerate(base.layers):
    l.trainable = i > 18  # fault: never-unfrozen or counted-layers
model.compile(tf.keras.optimizers.Adam(1e-5), 'categorical_crossentropy', metrics=['accuracy'])  # fault: never-unfrozen
model.fit(data('seedlings/train'), validation_data=data('seedlings/val'), epochs=15)  # fault: never-unfrozen
