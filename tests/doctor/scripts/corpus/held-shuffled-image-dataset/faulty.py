import numpy as np
import tensorflow as tf
from sklearn.metrics import classification_report

model = tf.keras.models.load_model('vgg16_food.keras')
ds = tf.keras.utils.image_dataset_from_directory('food/test', image_size=(224, 224), batch_size=32)  # fault: shuffled-predictions
ds = ds.map(lambda x, y: (tf.keras.applications.vgg16.preprocess_input(x), y))
y_true = []
for images, labels in ds:
    y_true.extend(labels.numpy())
y_pred = np.argmax(model.predict(ds), axis=1)  # fault: shuffled-predictions
print(classification_report(y_true, y_pred))  # fault: shuffled-predictions
