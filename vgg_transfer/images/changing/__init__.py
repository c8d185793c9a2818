"""Augmentation: random changes of an image that follow from its seed, on any backend of Keras."""
