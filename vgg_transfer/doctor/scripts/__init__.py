"""Scripts that train with Keras, read and never run."""
