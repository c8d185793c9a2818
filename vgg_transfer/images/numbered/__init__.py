"""Batches by number: threads read what they are made of, without tf.data."""
