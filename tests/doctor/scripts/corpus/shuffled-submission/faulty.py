import pandas as pd
import tensorflow as tf
from tensorflow.keras.applications.resnet50 import preprocess_input
from tensorflow.keras.preprocessing.image import ImageDataGenerator  # also: removed-api

sub = pd.read_csv('sample_submission.csv')
gen = ImageDataGenerator(preprocessing_function=preprocess_input)
kw = {'x_col': 'id', 'y_col': None, 'class_mode': None, 'target_size': (224, 224), 'batch_size': 50}
it = gen.flow_from_dataframe(sub, 'test_images', **kw)  # fault: shuffled-predictions
net = tf.keras.models.load_model('resnet.keras')
*_, last = net.layers
print(f'{last.name=} {last.units=}')
p = net.predict(it, verbose=1)  # fault: shuffled-predictions
sub['label'] = p[:, 0] > .5
sub['file'] = it.filenames  # fault: shuffled-predictions
sub.to_csv('submission.csv', index=False)
