import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.callbacks import EarlyStopping, ReduceLROnPlateau

def prepare(path, **kw):
    ds = tf.keras.utils.image_dataset_from_directory(path, image_size=(224, 224), label_mode='categorical', **kw)
    return ds.map(lambda x, y: (preprocess_input(x), y)).prefetch(tf.data.AUTOTUNE)

train_ds, val_ds = prepare('mushrooms/train'), prepare('mushrooms/val', shuffle=False)

base = VGG16(weights='imagenet', include_top=False, input_shape=(224, 224, 3), pooling='avg')
base.trainable = False
model = tf.keras.Sequential([base, tf.keras.layers.Dropout(0.5), tf.keras.layers.Dense(9, activation='softmax')])
model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])

callbacks = [
    EarlyStopping(monitor='val_loss', patience=5, restore_best_weights=True),
    ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=2),
]
model.fit(train_ds, validation_data=val_ds, epochs=50, callbacks=callbacks)
model.save('mushrooms.keras')
