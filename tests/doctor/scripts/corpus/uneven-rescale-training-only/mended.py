from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, GlobalAveragePooling2D, Dense, Input

train_datagen = ImageDataGenerator(rescale=1./255, shear_range=0.2, zoom_range=0.2, horizontal_flip=True)
val_datagen = ImageDataGenerator(rescale=1./255)

training_set = train_datagen.flow_from_directory('dataset/training_set', target_size=(64, 64), batch_size=32, class_mode='binary')
val_set = val_datagen.flow_from_directory('dataset/val_set', target_size=(64, 64), batch_size=32, class_mode='binary')

cnn = Sequential()
cnn.add(Input(shape=(64, 64, 3)))
cnn.add(Conv2D(32, 3, activation='relu'))
cnn.add(MaxPooling2D())
cnn.add(Conv2D(64, 3, activation='relu'))
cnn.add(GlobalAveragePooling2D())
cnn.add(Dense(128, activation='relu'))
cnn.add(Dense(1, activation='sigmoid'))
cnn.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
cnn.fit(x=training_set, validation_data=val_set, epochs=25)
