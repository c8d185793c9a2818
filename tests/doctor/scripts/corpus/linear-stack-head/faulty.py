import tensorflow as tf
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D, Dropout

train, val = tf.keras.utils.image_dataset_from_directory('bikes', image_size=(224, 224), validation_split=0.2, subset='both', seed=9)
train = train.map(lambda x, y: (preprocess_input(x), y))
val = val.map(lambda x, y: (preprocess_input(x), y))

base = VGG16(include_top=False, input_shape=(224, 224, 3))
base.trainable = False
x = GlobalAveragePooling2D()(base.output)
x = Dense(512)(x)  # fault: linear-stack
x = Dropout(0.3)(x)
x = Dense(128)(x)  # fault: linear-stack
out = Dense(12, activation='softmax')(x)  # fault: linear-stack
model = tf.keras.Model(base.input, out)
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(train, validation_data=val, epochs=10)
