import pandas as pd
from sklearn.model_selection import train_test_split
from tensorflow.keras import Model, layers, optimizers
from tensorflow.keras.applications import ResNet50V2
from tensorflow.keras.applications.resnet_v2 import preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

CFG = {
    'csv': 'cassava/train.csv',
    'images': 'cassava/train_images',
    'classes': ['cbb', 'cbsd', 'cgm', 'cmd', 'healthy'],
    'size': (300, 300),
    'bs': 16,
    'epochs': 8,
    'n_out': 5,
}

df = pd.read_csv(CFG['csv'], dtype=str)
tr, va = train_test_split(df, test_size=0.15, stratify=df['label'], random_state=1)

flow = dict(directory=CFG['images'], x_col='image_id', y_col='label', classes=CFG['classes'],
            class_mode='categorical', target_size=CFG['size'], batch_size=CFG['bs'])
train_it = ImageDataGenerator(preprocessing_function=preprocess_input, horizontal_flip=True,
                              vertical_flip=True).flow_from_dataframe(tr, **flow)
valid_it = ImageDataGenerator(preprocessing_function=preprocess_input).flow_from_dataframe(va, shuffle=False, **flow)


def create():
    base = ResNet50V2(weights='imagenet', include_top=False, input_shape=CFG['size'] + (3,))
    base.trainable = False
    inp = layers.Input(CFG['size'] + (3,))
    x = base(inp, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    out = layers.Dense(CFG['n_out'], activation='softmax')(x)
    m = Model(inp, out)
    m.compile(optimizers.Adam(1e-3), loss='categorical_crossentropy', metrics=['accuracy'])
    return m


model = create()
model.fit(train_it, validation_data=valid_it, epochs=CFG['epochs'])
model.save('cassava.keras')
