import numpy as np
from sklearn.metrics import classification_report, confusion_matrix
from tensorflow.keras.models import load_model
from tensorflow.keras.applications.vgg16 import preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

model = load_model('vgg16_finetuned.keras')

test_datagen = ImageDataGenerator(preprocessing_function=preprocess_input)
test_generator = test_datagen.flow_from_directory('data/test', target_size=(224, 224), batch_size=32, class_mode='categorical')  # fault: shuffled-predictions

Y_pred = model.predict(test_generator)  # fault: shuffled-predictions
y_pred = np.argmax(Y_pred, axis=1)
print('Confusion Matrix')
print(confusion_matrix(test_generator.classes, y_pred))  # fault: shuffled-predictions
print(classification_report(test_generator.classes, y_pred, target_names=list(test_generator.class_indices)))
