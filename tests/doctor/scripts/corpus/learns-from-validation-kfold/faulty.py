import numpy as np
import tensorflow as tf
from sklearn.model_selection import StratifiedKFold
from tensorflow.keras.applications.vgg16 import VGG16, preprocess_input

X = preprocess_input(np.load("x.npy").astype("float32"))
y = np.load("y.npy")  # 0, 1 or 2

def fresh_model():
    base = VGG16(include_top=False, pooling="avg", input_shape=(160, 160, 3))
    base.trainable = False
    m = tf.keras.Sequential([base, tf.keras.layers.Dense(3, activation="softmax")])
    m.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return m

scores = []
for fold, (tr, va) in enumerate(StratifiedKFold(5, shuffle=True, random_state=0).split(X, y)):
    model = fresh_model()
    h = model.fit(X, y, validation_data=(X[va], y[va]), epochs=10, batch_size=32, verbose=0)  # fault: learns-from-validation
    scores.append(h.history["val_accuracy"][-1])
    print(f"fold {fold}: {scores[-1]:.3f}")
print(np.mean(scores), "+-", np.std(scores))
