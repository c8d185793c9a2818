import tensorflow as tf
from tensorflow.keras.applications import VGG19
from tensorflow.keras.applications.vgg19 import preprocess_input as prep

CFG = dict(size=224, batch=32, rate=1e-3, epochs=12, classes=['glioma', 'meningioma', 'notumor', 'pituitary'])

def pipeline(part):
    ds = tf.keras.utils.image_dataset_from_directory(
        f'mri/{part}', class_names=CFG['classes'], label_mode='categorical',
        image_size=(CFG['size'],) * 2, batch_size=CFG['batch'])
    return ds.map(lambda x, y: (prep(x), y), num_parallel_calls=-1).prefetch(-1)

(base := VGG19(include_top=False, weights='imagenet', input_shape=(CFG['size'], CFG['size'], 3))).trainable = False
head = tf.keras.layers.Dense(len(CFG['classes']), activation='softmax')
model = tf.keras.Model(base.input, head(tf.keras.layers.GlobalAveragePooling2D()(base.output)))
model.compile(tf.keras.optimizers.Adam(CFG['rate']), 'categorical_crossentropy', metrics=['accuracy'])
model.fit(pipeline('train'), validation_data=pipeline('val'), epochs=CFG['epochs'])
